using System.Text;
using System.Text.Json;
using CsCheck;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>What Kudu's format makes of each status.</summary>
public sealed class KuduFormatTests
{
    private static readonly DateTimeOffset Now = SignalClock.Beginning;
    private static readonly KuduFormat Format = new();

    [Fact]
    public void A_2xx_is_accepted_a_410_ends_the_hook_and_every_other_status_is_tried_again()
    {
        for (int status = 100; status <= 999; status++)
        {
            Judgement judgement = Format.Judge(SomeOutcome.Answer(Now, status));

            Assert.Equal(
                status is >= 200 and <= 299 ? Disposition.Accepted : status == 410 ? Disposition.HookGone : Disposition.TryAgain, judgement.Disposition);
            Assert.Equal(judgement.Disposition == Disposition.Accepted, judgement.Reason is null);
            Assert.Equal(judgement.Disposition == Disposition.HookGone ? "The receiver responded with 410." : null, judgement.HookReason);
        }
    }

    [Fact]
    public void Retry_After_is_obeyed_on_429_and_503_only() => Gen.Select(Gen.OneOf(Gen.Int[100, 999], Gen.Const(429), Gen.Const(503)), Gen.Int[0, 999_999_999]).Sample((status, seconds) =>
    {
        Judgement judgement = Format.Judge(SomeOutcome.Answer(Now, status, $"{seconds}"));

        Assert.Equal(status is 429 or 503 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null, judgement.Wait);
    });

    [Fact]
    public void The_last_log_lines_are_the_last_field_of_the_body()
    {
        var @event = new EventContent("PostDeployment", """{"id":"a","message":"ü <b>","run":1}"""u8.ToArray()) { LogTail = ["one", "\"two\" 🎉"] };

        Rendered rendered = Format.Render(@event, FormatSettings.None);

        JsonElement body = JsonElement.Parse(rendered.Body.Span);
        Assert.Equal(["id", "message", "run", "logTail"], body.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("ü <b>", "one", "\"two\" 🎉"), (body.GetProperty("message").GetString(), body.GetProperty("logTail")[0].GetString(), body.GetProperty("logTail")[1].GetString()));
        Assert.StartsWith("""{"id":"a","message":"ü <b>","run":1,"logTail":["one",""", Encoding.UTF8.GetString(rendered.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void The_body_of_an_event_is_sent_as_it_is() => Gen.Select(Gen.String, Gen.Byte.Array).Sample((type, body) =>
    {
        Rendered rendered = Format.Render(new EventContent(type, body), FormatSettings.None);

        Assert.Equal((new ReadOnlyMemory<byte>(body), "application/json; charset=utf-8"), (rendered.Body, rendered.ContentType));
    });
}
