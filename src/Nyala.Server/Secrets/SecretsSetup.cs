using Microsoft.AspNetCore.DataProtection;
using Nyala.Server.Disk;

namespace Nyala.Server.Secrets;

internal static class SecretsSetup
{
    /// <summary>Adds encryption at rest. The keys are in <c>keys/</c> in the data folder, so that a copy of the folder is complete.</summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services, string dataFolder)
    {
        string folder = Path.Combine(dataFolder, "keys");
        DurableFiles.CreateFolder(folder);
        services.AddDataProtection()
            .SetApplicationName("Nyala")
            .PersistKeysToFileSystem(new DirectoryInfo(folder));
        return services
            .AddSingleton(new KeyFolder(folder))
            .AddSingleton<KeyRing>()
            .AddSingleton<SecretBox>();
    }
}
