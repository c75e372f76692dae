namespace Nyala.Server.Hooks;

/// <summary>The secret settings of a hook, encrypted. A value is null if the caller did not send the setting, or removes it.</summary>
internal readonly record struct EncryptedSettings(string? Headers, string? ClientCertificate, string? FormatSettings);
