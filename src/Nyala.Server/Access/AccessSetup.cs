using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Nyala.Server.Sites;

namespace Nyala.Server.Access;

internal static class AccessSetup
{
    /// <summary>Requires a token that meets the endpoint's requirement, unless the endpoint declares that it needs no token.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, AdminToken admin)
    {
        services
            .AddSingleton(admin)
            .AddSingleton<FailedSignIns>()
            .AddSingleton<AccessInstruments>()
            .AddSingleton<TokenCache>()
            .AddSingleton<ISiteTokens>(provider => provider.GetRequiredService<TokenCache>())
            .AddHostedService(provider => provider.GetRequiredService<TokenCache>())
            .AddHostedService<LastUseWriter>()
            .AddHostedService<TokenExpiryNotifier>();
        services.AddAuthentication(TokenHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(TokenHandler.SchemeName).RequireAuthenticatedUser().AddRequirements(new ScopeHandler()).Build());
        return services;
    }
}
