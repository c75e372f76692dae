namespace Nyala.Server.Front;

/// <summary>
/// Options of the section <c>Https</c>: the certificate for the <c>https://</c> addresses of <c>Urls</c>. A replaced file is used within 30 s for
/// new connections, without a restart. If the new certificate cannot be used, the old one stays in use.
/// </summary>
internal sealed class HttpsOptions
{
    /// <summary>
    /// The certificate file: PEM, with the server's certificate first and then the certificates that signed it, or PKCS #12 (PFX). Default: empty. It cannot be
    /// combined with <see cref="Folder"/>.
    /// </summary>
    public string Certificate { get; set; } = "";

    /// <summary>The PEM file of the private key. Leave it empty if <see cref="Certificate"/> also contains the key. Default: empty.</summary>
    public string Key { get; set; } = "";

    /// <summary>The password of the PFX or of the private key. Default: empty, for no password.</summary>
    public string Password { get; set; } = "";

    /// <summary>
    /// A folder with <c>tls.crt</c> and <c>tls.key</c>, as Kubernetes mounts them, or <c>fullchain.pem</c> and <c>privkey.pem</c>, as
    /// certbot writes them. Default: empty.
    /// </summary>
    public string Folder { get; set; } = "";

    public bool IsSet => Certificate.Length > 0 || Folder.Length > 0;

    /// <param name="used">Whether <c>Urls</c> contains an <c>https://</c> address.</param>
    public IEnumerable<string> Validate(bool used)
    {
        if (Certificate.Length > 0 && Folder.Length > 0)
        {
            yield return "Https:Folder and Https:Certificate are both set. Set only one of them.";
        }
        else if (!IsSet && (Key.Length > 0 || Password.Length > 0))
        {
            yield return "Https:Certificate is empty, but Https:Key or Https:Password is set. Set Https:Certificate too.";
        }
        else if (Folder.Length > 0 && Key.Length > 0)
        {
            yield return "Https:Key is set, but Https:Folder contains its own key. Remove Https:Key.";
        }
        else if (used && !IsSet)
        {
            yield return "Https:Certificate is empty, but Urls contains an https address. Set Https:Certificate or Https:Folder.";
        }
        else if (!used && IsSet)
        {
            yield return "Https:Certificate or Https:Folder is set, but Urls contains no https address. Add one, such as https://0.0.0.0:8443.";
        }
        else if (used && CertificateFiles.Of(this).Read(out string problem) is null)
        {
            yield return $"Https:{(Folder.Length > 0 ? nameof(Folder) : nameof(Certificate))} cannot be used: {problem}";
        }
    }
}
