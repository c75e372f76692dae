using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>A request to fetch and deploy, as the sources read it.</summary>
/// <param name="Fields">The body.</param>
/// <param name="Branch">The branch that the site deploys.</param>
/// <param name="Header">Returns the value of a request header; null if it is absent.</param>
internal sealed record PushRequest(JsonFields Fields, string Branch, Func<string, string?> Header);
