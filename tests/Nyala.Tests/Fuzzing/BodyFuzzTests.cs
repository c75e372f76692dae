using CsCheck;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Tests.Support;

namespace Nyala.Tests.Fuzzing;

/// <summary>Reading any request body returns either its content or the reasons to reject it, never both, and never throws.</summary>
public sealed class BodyFuzzTests
{
    private const int MostOfAReason = 1024;

    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);
    private static readonly AddressGuard Guard = new(ownOpen: false, []);

    [Fact]
    public void Any_body_is_read_as_an_object_or_rejected_with_a_reason() => Odd.Body.Sample(
        body =>
        {
            bool read = RequestBody.TryReadObject(body, out JsonFields fields, out string reason);

            Assert.Equal(read, reason.Length == 0);
            Assert.Empty(fields.Errors);
            Assert.InRange(reason.Length, 0, MostOfAReason);
            Assert.Equal(RequestBody.IsJson(body, out reason), reason.Length == 0);
        },
        iter: Fuzz.Cases);

    [Fact]
    public void Any_body_is_read_as_a_valid_hook_or_rejected_with_reasons() => Each(fields =>
    {
        HookForm? form = HookForm.Read(fields, null, new Destinations(Guard, new ChannelOptions()), Now);

        AssertOneOf(fields, form);
        if (form is not null)
        {
            AssertSound(form.Settings);
            Assert.Null(Guard.Judge(form.Url.ToUri()));
            Assert.True(form.Event == EventTypes.Any || EventType.IsValid(form.Event));
            Assert.True(form.Secret is null || WebhookSecret.TryDecode(form.Secret, out _));
        }
    });

    [Fact]
    public void Any_body_is_read_as_a_valid_change_of_a_hook_or_rejected_with_reasons() => Each(fields =>
    {
        fields.RefuseOthers(HookSettings.Names, "");
        HookSettings settings = HookSettings.Read(fields, "PostDeployment", null, nullResets: true, Now);

        AssertReasons(fields);
        if (fields.Errors.Count == 0)
        {
            AssertSound(settings);
        }
    });

    [Fact]
    public void Any_body_is_read_as_a_valid_deployment_report_or_rejected_with_reasons() => Each(fields =>
    {
        ReportForm? form = ReportForm.Read(fields);

        AssertOneOf(fields, form);
        if (form is not null)
        {
            Assert.True(Enum.IsDefined(form.Status));
            Assert.False(form.Started > form.Ended);
            Assert.InRange(form.Message?.Length ?? 0, 0, 64 * 1024);
        }
    });

    [Fact]
    public void Any_body_is_read_as_a_valid_token_request_or_rejected_with_reasons() => Each(fields =>
    {
        TokenForm? form = TokenForm.Read(fields, Now);

        AssertOneOf(fields, form);
        if (form is not null)
        {
            Assert.NotEqual(default, form.Scopes);
            Assert.InRange(form.Name.Length, 1, 100);
            Assert.False(form.Expires <= Now);
        }
    });

    [Fact]
    public void Any_body_is_read_as_log_lines_or_rejected_with_a_reason() => Gen.Select(Odd.Body, Odd.Of(null, "application/json", "text/plain")).Sample(
        (body, type) =>
        {
            IReadOnlyList<LogLine>? lines = LogForm.Read(body, type, out string reason)?.ToList();

            Assert.Equal(lines is null, reason.Length > 0);
            Assert.All(lines ?? [], line => Assert.NotNull(line.Message));
        },
        iter: Fuzz.Cases);

    [Fact]
    public void Event_facts_can_be_read_from_any_body() => Odd.Body.Sample(body => Assert.Equal("shop", EventFacts.OfBody("shop", body).Site), iter: Fuzz.Cases);

    private static void Each(Action<JsonFields> check) => Odd.Body.Sample(
        body =>
        {
            if (RequestBody.TryReadObject(body, out JsonFields fields, out _))
            {
                check(fields);
            }
        },
        iter: Fuzz.Cases);

    private static void AssertOneOf(JsonFields fields, object? form)
    {
        Assert.Equal(form is null, fields.Errors.Count > 0);
        AssertReasons(fields);
    }

    private static void AssertReasons(JsonFields fields) => Assert.All(fields.Errors, error => Assert.InRange(error.Text.Length, 1, MostOfAReason));

    private static void AssertSound(HookSettings settings)
    {
        Assert.InRange(settings.Description.Or("").Length, 0, 1024);
        Assert.InRange(settings.Rate.Or(null) ?? 1, 1, 60_000);
        Assert.Null(HeaderRule.Refuses([.. settings.Headers.Or([])]));
        if (settings.Filter.Or(null) is { } filter)
        {
            Assert.Equal(filter, Filter.Write(Filter.Read(filter)));
        }
    }
}
