using System.Text;

namespace Nyala.Server.Outbound.Channels.Phone;

/// <summary>Options of the section <c>Channels:Phone</c>: the account at Twilio, or at a service with the same API, for <c>tel:</c> and <c>sms:</c> hooks.</summary>
internal sealed class PhoneOptions
{
    /// <summary>The account's id, <c>AC…</c>. Default: empty; <c>tel:</c> and <c>sms:</c> hooks are refused.</summary>
    public string Account { get; set; } = "";

    /// <summary>The account's auth token. Default: empty.</summary>
    public string Token { get; set; } = "";

    /// <summary>A file that contains the token, instead of <see cref="Token"/>. Default: empty.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>The number that calls and sends, such as <c>+15005550006</c>. Default: empty.</summary>
    public string From { get; set; } = "";

    /// <summary>The base URL of the API. Default <c>https://api.twilio.com</c>.</summary>
    public string BaseUrl { get; set; } = "https://api.twilio.com";

    /// <summary>The language in which calls are spoken, as Twilio names it. The text itself is English. Default <c>en-US</c>.</summary>
    public string Language { get; set; } = "en-US";

    /// <summary>The maximum number of calls and text messages per minute, of all hooks together. Default 30; 1 to 60000.</summary>
    public int Rate { get; set; } = 30;

    public bool IsSet => Account.Length > 0;

    /// <summary>The account for people, without credentials.</summary>
    public string Description => $"{From}, account {Account} at {new Uri(BaseUrl).Host}";

    public AccountSecret Secret => new("Channels:Phone:Token", Token, TokenFile);

    /// <summary>Returns the URL to which a resource of the account is posted.</summary>
    public Uri UrlOf(string resource) => new($"{BaseUrl.TrimEnd('/')}/2010-04-01/Accounts/{Account}/{resource}.json");

    /// <summary>Returns the <c>Authorization</c> header.</summary>
    public string Authorization() => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Account}:{Secret.Read()}"));

    public IEnumerable<string> Validate()
    {
        foreach (string error in Secret.Validate())
        {
            yield return error;
        }

        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.UserInfo.Length > 0)
        {
            yield return $"Channels:Phone:BaseUrl is '{BaseUrl}': it must be an http or https URL without a query.";
        }

        if (Rate is < 1 or > 60_000)
        {
            yield return $"Channels:Phone:Rate is {Rate}: it must be from 1 to 60000 per minute.";
        }

        if (Account.Length > 0 && !Account.All(char.IsAsciiLetterOrDigit))
        {
            yield return $"Channels:Phone:Account is '{Account}': it must be the id of the account, letters and digits.";
        }

        if (Language.Length == 0 || !Language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            yield return $"Channels:Phone:Language is '{Language}': it must be a language tag such as en-US.";
        }

        if (Account.Length > 0 && !PhoneNumber.IsValid(From))
        {
            yield return $"Channels:Phone:From is '{From}': it must be an international number such as +15005550006.";
        }

        if (Account.Length > 0 != Secret.IsSet)
        {
            yield return "Channels:Phone:Account and Channels:Phone:Token (or TokenFile) belong together. Set both, or neither.";
        }
    }
}
