using Microsoft.AspNetCore.DataProtection;

namespace Nyala.Server.Secrets;

/// <summary>Encrypts what must be read again but never lie open in the database: signing secrets and URL credentials.</summary>
internal sealed class SecretBox(IDataProtectionProvider provider)
{
    private readonly IDataProtector _protector = provider.CreateProtector("Nyala.Secrets.v1");

    public string Close(string secret) => _protector.Protect(secret);

    public string Open(string closed) => _protector.Unprotect(closed);
}
