namespace Nyala.Server.Hooks;

/// <summary>What of a hook's settings is a secret, encrypted; null in each that is not given, or is taken away.</summary>
internal readonly record struct EncryptedSettings(string? Headers, string? ClientCertificate);
