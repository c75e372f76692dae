
namespace Nyala.Server.Access;

/// <summary>What an endpoint asks of a caller's token. An endpoint that declares none is closed to everyone.</summary>
/// <param name="AnyOf">One of these scopes is enough; none means that every token is.</param>
internal sealed record ScopeRequirement(Scopes AnyOf);

/// <summary>Refusals of the endpoint are plain text.</summary>
internal sealed record TextRefusals;

/// <summary>Declares needs where endpoints are mapped.</summary>
internal static class ScopeRequirements
{
    /// <summary>Opens the endpoint to tokens that have one of these scopes, at the sites that they are good for.</summary>
    public static T NeedsScope<T>(this T endpoint, Scopes anyOf)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ScopeRequirement(anyOf));

    /// <summary>Refuses in plain text, because git shows its users nothing else.</summary>
    public static T RefusesInText<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new TextRefusals());

    /// <summary>Opens the endpoint to every token, whatever its scopes and its site: what it tells is no site's.</summary>
    public static T NeedsAnyToken<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ScopeRequirement(Scopes.None));
}
