using System.Reflection;

namespace Nyala.Server.Http;

/// <summary>The query parameters that an endpoint describes: their names, and which of them are flags.</summary>
internal sealed record DescribedQuery(IReadOnlyList<string> Names, IReadOnlyList<string> Flags);

/// <summary>The only query parameters that an endpoint accepts.</summary>
internal sealed record AllowedQuery(IReadOnlyList<string> Names);

/// <summary>
/// Refuses a query that the endpoint would not read, before the endpoint runs. A mistyped parameter must not list everything, or remove or deploy the wrong
/// thing.
/// </summary>
internal static class QueryRule
{
    /// <summary>A parameter that Azure clients send with every request. It has no effect.</summary>
    public const string ApiVersion = "api-version";

    private const int MaxShown = 40;

    /// <summary>
    /// Refuses every query parameter that an endpoint of the group does not read. An endpoint reads the string parameters of its handler, except those of the
    /// route, and the parameters of its <see cref="DescribedQuery"/>.
    /// </summary>
    public static void RefusesOtherQuery(this RouteGroupBuilder group) => ((IEndpointConventionBuilder)group).Finally(builder =>
    {
        var route = (RouteEndpointBuilder)builder;
        IEnumerable<string> read = builder.Metadata.OfType<MethodInfo>().SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(string) && route.RoutePattern.GetParameter(parameter.Name!) is null)
            .Select(parameter => parameter.Name!);
        builder.Metadata.Add(new AllowedQuery([.. read, .. builder.Metadata.OfType<DescribedQuery>().SelectMany(described => described.Names), ApiVersion]));
    });

    /// <summary>Returns why a query is refused; null if it is accepted.</summary>
    public static string? Judge(Endpoint? endpoint, IQueryCollection query)
    {
        if (endpoint is null || query.Count == 0)
        {
            return null;
        }

        if (endpoint.Metadata.GetMetadata<AllowedQuery>() is { } only
            && query.Keys.FirstOrDefault(name => !only.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } other)
        {
            string[] known = [.. only.Names.Where(name => name != ApiVersion)];
            return $"'{Short(other)}' is not a parameter of this request. "
                + (known.Length == 0 ? "It has no parameters." : $"The parameters are {string.Join(", ", known)}.")
                + (Spelling.Nearest(other, known) is { } near ? $" Did you mean '{near}'?" : "");
        }

        return endpoint.Metadata.GetOrderedMetadata<DescribedQuery>()
            .SelectMany(described => described.Flags)
            .FirstOrDefault(flag => !QueryFlag.IsFlag(query[flag])) is { } wrong
                ? $"'{wrong}' must be true or false (1 and 0 also work), and can be given only once."
                : null;
    }

    private static string Short(string text) => text.Length > MaxShown ? text[..MaxShown] + "…" : text;
}
