using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CsCheck;
using Nyala.Client.Json;
using Nyala.Server.Outbound.Channels.Mail;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>The messages of the formats that use an account of the server: mail, calls, text messages and posts on X.</summary>
public sealed class AccountFormatTests
{
    private static readonly FormatSettings Numbers = new(new Dictionary<string, string> { ["to"] = "+4512345678", ["from"] = "+15005550006", ["language"] = "en-GB" });

    public static TheoryData<string> Names() => ["mail", "call", "sms", "x"];

    [Theory, MemberData(nameof(Names))]
    public void The_messages_are_the_approved_ones(string name)
    {
        var messages = new JsonObject();
        foreach ((string label, EventContent @event) in MessageCases.All)
        {
            messages[label] = Read(name, FormatCatalog.Find(name)!.Render(@event with { Id = 912976470090119112, Time = SignalClock.Beginning }, Numbers));
        }

        Approved.Json(messages.ToJsonString(NyalaJson.Wire.Options), "The_messages_of_" + name);
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_event_becomes_a_message_that_the_service_accepts(string name)
    {
        IFormat format = FormatCatalog.Find(name)!;
        Gen<string> text = Gen.OneOf(Gen.String, Gen.String[Gen.Char["\n<>&@+=%. a🎉א\u202E"], 0, 3000], Gen.Const("evil.example ").Array[0, 100].Select(string.Concat));
        Gen.Select(Gen.Bool, text, text, text, text.Array[0, 20]).Sample((failed, one, two, three, log) =>
        {
            var body = new JsonObject { ["status"] = failed ? "failed" : "success", ["siteName"] = one, ["message"] = two, ["statusText"] = three, ["url"] = "https://deploy.example.com/x" };
            var @event = new EventContent("PostDeployment", Encoding.UTF8.GetBytes(body.ToJsonString())) { LogTail = log, Id = long.MaxValue };

            Rendered rendered = format.Render(@event, Numbers);

            Check(name, Read(name, rendered));
            Assert.Equal(rendered.Body.Span, format.Render(@event, Numbers).Body.Span);
        });
    }

    [Theory]
    [InlineData("https://api.x.com/2/tweets", "x")]
    [InlineData("https://api.x.com/2/users", "kudu")]
    [InlineData("https://api.x.com.example.com/2/tweets", "kudu")]
    [InlineData("mailto:someone@example.com", "mail")]
    [InlineData("tel:+4512345678", "call")]
    [InlineData("sms:+4512345678", "sms")]
    public void The_url_decides_the_format(string url, string name) => Assert.Equal(name, FormatCatalog.Of(new Uri(url)).Facts.Name);

    [Theory]
    [InlineData("sms", 201, """{"sid":"SM1","status":"queued"}""", "Accepted")]
    [InlineData("sms", 400, """{"code":21211,"message":"The 'To' number is not a valid phone number.","status":400}""", "Refused")]
    [InlineData("sms", 400, """{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}""", "HookGone")]
    [InlineData("sms", 400, """{"code":21606,"message":"The 'From' phone number provided is not a valid message-capable Twilio phone number","status":400}""", "TryAgain")]
    [InlineData("call", 401, """{"code":20003,"message":"Authenticate","status":401}""", "TryAgain")]
    [InlineData("call", 429, """{"code":20429,"message":"Too Many Requests","status":429}""", "TryAgain")]
    [InlineData("call", 503, "", "TryAgain")]
    [InlineData("x", 201, """{"data":{"id":"1","text":"x"}}""", "Accepted")]
    [InlineData("x", 403, """{"title":"Forbidden","status":403,"detail":"You are not allowed to create a Tweet with duplicate content."}""", "Accepted")]
    [InlineData("x", 403, """{"title":"Forbidden","status":403,"detail":"Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."}""", "TryAgain")]
    [InlineData("x", 401, """{"title":"Unauthorized","status":401,"detail":"Unauthorized"}""", "TryAgain")]
    [InlineData("x", 400, """{"title":"Invalid Request","detail":"One or more parameters to your request was invalid."}""", "Refused")]
    [InlineData("x", 429, """{"title":"Too Many Requests","detail":"Too Many Requests","status":429}""", "TryAgain")]
    public void A_response_means_what_the_service_documents(string name, int status, string body, string disposition)
    {
        Judgement judgement = FormatCatalog.Find(name)!.Judge(SomeOutcome.Answer(SignalClock.Beginning, status, body: body));

        Assert.Equal(disposition, judgement.Disposition.ToString());
        Assert.Equal(disposition == "Accepted", judgement.Reason is null);
    }

    [Theory]
    [InlineData(250, "OK id=1", "Accepted")]
    [InlineData(421, "closing", "TryAgain")]
    [InlineData(451, "4.7.1 come back later", "TryAgain")]
    [InlineData(550, "5.1.1 no such user", "Refused")]
    [InlineData(552, "5.2.2 mailbox full", "Refused")]
    [InlineData(550, "5.7.1 relaying is not permitted", "TryAgain")]
    [InlineData(550, "relay not permitted", "TryAgain")]
    public void An_answer_of_a_mail_server_means_what_its_code_says(int code, string text, string disposition)
    {
        Judgement judgement = FormatCatalog.Find("mail")!.Judge(new MailAnswer(code, text));

        Assert.Equal(disposition, judgement.Disposition.ToString());
        Assert.Equal(disposition == "Accepted" ? null : $"The SMTP server answered {code}: {text}", judgement.Reason);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("é", 1)]
    [InlineData("🎉", 2)]
    [InlineData("漢字", 4)]
    [InlineData("see example.com now", 3 + 1 + 23 + 1 + 3)]
    [InlineData("a\nb", 3)]
    [InlineData("a.py,b.py", 23 + 1 + 23)]
    public void Characters_weigh_what_X_counts(string text, int weight) => Assert.Equal(weight, XFormat.Weight(text));

    /// <summary>Returns a message as JSON, whatever is sent.</summary>
    private static JsonNode Read(string name, Rendered rendered)
    {
        string text = new UTF8Encoding(false, true).GetString(rendered.Body.Span);
        if (name is "mail" or "x")
        {
            return JsonNode.Parse(text)!;
        }

        Assert.Equal("application/x-www-form-urlencoded", rendered.ContentType);
        return new JsonObject(text.Split('&').Select(field => field.Split('=', 2)).Select(field => KeyValuePair.Create(field[0], (JsonNode?)Uri.UnescapeDataString(field[1]))));
    }

    private static void Check(string name, JsonNode message)
    {
        switch (name)
        {
            case "mail":
                string subject = message["subject"]!.GetValue<string>();
                Assert.InRange(subject.Length, 1, 150);
                Assert.DoesNotContain(subject, char.IsControl);
                Assert.NotEqual("", message["text"]!.GetValue<string>());
                break;
            case "call":
                string twiml = message["Twiml"]!.GetValue<string>();
                Assert.InRange(twiml.Length, 1, 4000);
                XElement[] spoken = [.. XDocument.Parse(twiml).Root!.Elements("Say")];
                Assert.Equal((2, "en-GB", true), (spoken.Length, spoken[0].Attribute("language")!.Value, spoken[0].Value == spoken[1].Value && !spoken[0].HasElements));
                goto case "number";
            case "sms":
                Assert.InRange(message["Body"]!.GetValue<string>().Length, 1, 300);
                goto case "number";
            case "number":
                Assert.Equal(("+4512345678", "+15005550006"), (message["To"]!.GetValue<string>(), message["From"]!.GetValue<string>()));
                break;
            default:
                string post = message["text"]!.GetValue<string>();
                Assert.InRange(XFormat.Weight(post), 1, 280);
                Assert.DoesNotMatch("@(?!\u200B)", post);
                Assert.Contains($" UTC · {long.MaxValue}", post, StringComparison.Ordinal);
                break;
        }
    }
}
