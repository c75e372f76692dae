using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Nyala.Server.Secrets;

/// <summary>Encrypts values that must be read again but never be stored in plain text, such as signing secrets and URL credentials.</summary>
internal sealed class SecretBox(IDataProtectionProvider provider, KeyRing keys)
{
    private readonly IDataProtector _protector = provider.CreateProtector("Nyala.Secrets.v1");

    public string Encrypt(string secret)
    {
        string encrypted = _protector.Protect(secret);
        keys.Note(encrypted);
        return encrypted;
    }

    public string Decrypt(string encrypted) => _protector.Unprotect(encrypted);

    /// <summary>Whether a text can be decrypted with the current keys.</summary>
    public bool CanDecrypt(string encrypted)
    {
        try
        {
            Decrypt(encrypted);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
