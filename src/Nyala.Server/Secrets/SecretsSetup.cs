using Microsoft.AspNetCore.DataProtection;

namespace Nyala.Server.Secrets;

internal static class SecretsSetup
{
    /// <summary>Adds encryption at rest. The keys lie beside the data, in <c>keys/</c>: a copy of the data folder is whole.</summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services, string dataFolder)
    {
        string folder = Path.Combine(dataFolder, "keys");
        DirectoryInfo keys = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(folder)
            : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        services.AddDataProtection()
            .SetApplicationName("Nyala")
            .PersistKeysToFileSystem(keys);
        return services.AddSingleton<SecretBox>();
    }
}
