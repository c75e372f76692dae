using Nyala.Server.Sites;

namespace Nyala.Server.Access;

internal static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services, AdminToken admin) => services
        .AddSingleton(admin)
        .AddSingleton<FailedSignIns>()
        .AddSingleton<AccessInstruments>()
        .AddSingleton<TokenCache>()
        .AddSingleton<ISiteTokens>(provider => provider.GetRequiredService<TokenCache>())
        .AddHostedService(provider => provider.GetRequiredService<TokenCache>())
        .AddHostedService<LastUseWriter>()
        .AddHostedService<TokenExpiryNotifier>();

    /// <summary>Requires a token that meets the endpoint's requirement, unless the endpoint declares that it needs no token.</summary>
    public static void UseAccess(this IApplicationBuilder app) => app.UseMiddleware<AccessGate>();
}
