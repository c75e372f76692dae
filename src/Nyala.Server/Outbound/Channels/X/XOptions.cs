namespace Nyala.Server.Outbound.Channels.X;

/// <summary>Options of the section <c>Channels:X</c>: the keys of an app and of the account on X that hooks of the format <c>x</c> post with.</summary>
internal sealed class XOptions
{
    /// <summary>The app's API key (consumer key). Default: empty; hooks of the format <c>x</c> are refused.</summary>
    public string ConsumerKey { get; set; } = "";

    /// <summary>The app's API key secret. Default: empty.</summary>
    public string ConsumerSecret { get; set; } = "";

    /// <summary>A file that contains the API key secret, instead of <see cref="ConsumerSecret"/>. Default: empty.</summary>
    public string ConsumerSecretFile { get; set; } = "";

    /// <summary>The access token of the account, with the permission to write. Default: empty.</summary>
    public string Token { get; set; } = "";

    /// <summary>The access token's secret. Default: empty.</summary>
    public string TokenSecret { get; set; } = "";

    /// <summary>A file that contains the access token's secret, instead of <see cref="TokenSecret"/>. Default: empty.</summary>
    public string TokenSecretFile { get; set; } = "";

    /// <summary>The base URL of the API. Hooks of the format <c>x</c> lead there and nowhere else. Default <c>https://api.x.com</c>.</summary>
    public string BaseUrl { get; set; } = "https://api.x.com";

    /// <summary>The maximum number of posts per minute, of all hooks together. Default 1; 1 to 60000. The account's own limit may be lower.</summary>
    public int Rate { get; set; } = 1;

    public bool IsSet => ConsumerKey.Length > 0;

    public AccountSecret ConsumerPart => new("Channels:X:ConsumerSecret", ConsumerSecret, ConsumerSecretFile);

    public AccountSecret TokenPart => new("Channels:X:TokenSecret", TokenSecret, TokenSecretFile);

    /// <summary>The URL of hooks that post.</summary>
    public Uri PostsUrl => new(BaseUrl.TrimEnd('/') + "/2/tweets");

    public IEnumerable<string> Validate()
    {
        foreach (string error in (string[])[.. ConsumerPart.Validate(), .. TokenPart.Validate()])
        {
            yield return error;
        }

        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.UserInfo.Length > 0)
        {
            yield return $"Channels:X:BaseUrl is '{BaseUrl}': it must be an http or https URL without a query.";
        }

        if (Rate is < 1 or > 60_000)
        {
            yield return $"Channels:X:Rate is {Rate}: it must be from 1 to 60000 posts per minute.";
        }

        bool[] parts = [ConsumerKey.Length > 0, ConsumerPart.IsSet, Token.Length > 0, TokenPart.IsSet];
        if (parts.Any(part => part) && !parts.All(part => part))
        {
            yield return "Channels:X needs ConsumerKey, ConsumerSecret, Token and TokenSecret. Set all of them, or none.";
        }
    }
}
