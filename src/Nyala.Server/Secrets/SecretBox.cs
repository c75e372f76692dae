using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Nyala.Server.Secrets;

/// <summary>Encrypts values that must be read again but never be stored in plain text, such as signing secrets and URL credentials.</summary>
internal sealed class SecretBox(IDataProtectionProvider provider, KeyRing keys)
{
    private readonly IDataProtector _protector = provider.CreateProtector("Nyala.Secrets.v1");

    public string Encrypt(string secret)
    {
        string closed = _protector.Protect(secret);
        keys.Note(closed);
        return closed;
    }

    public string Decrypt(string closed) => _protector.Unprotect(closed);

    /// <summary>Whether a text can be decrypted with the current keys.</summary>
    public bool Opens(string closed)
    {
        try
        {
            Decrypt(closed);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
