using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>A request to deploy from elsewhere, as the sources see it.</summary>
/// <param name="Fields">The body.</param>
/// <param name="Branch">The branch that the site deploys.</param>
/// <param name="Header">The value of a request's header; null if it is absent.</param>
internal sealed record PushRequest(JsonFields Fields, string Branch, Func<string, string?> Header);
