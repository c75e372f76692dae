
namespace Nyala.Server.Access;

/// <summary>The scopes that an endpoint requires of a caller's token. An endpoint that declares no requirement is closed to everyone.</summary>
/// <param name="AnyOf">The scopes, of which one is enough. <see cref="Scopes.None"/> means that every token is enough.</param>
internal sealed record ScopeRequirement(Scopes AnyOf);

/// <summary>Marks an endpoint whose error responses are plain text.</summary>
internal sealed record TextRefusals;

/// <summary>Declares the requirements of endpoints where they are mapped.</summary>
internal static class ScopeRequirements
{
    /// <summary>Opens the endpoint to tokens that have one of these scopes, at the sites that they are valid for.</summary>
    public static T NeedsScope<T>(this T endpoint, Scopes anyOf)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ScopeRequirement(anyOf));

    /// <summary>Makes the endpoint's error responses plain text, because git shows its users nothing else.</summary>
    public static T RefusesInText<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new TextRefusals());

    /// <summary>
    /// Opens the endpoint to every token, whatever its scopes and site. The endpoint must not show data of a site that the token is not valid for.
    /// </summary>
    public static T NeedsAnyToken<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ScopeRequirement(Scopes.None));
}
