using Microsoft.Extensions.Logging;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>The log line of an attempt.</summary>
public sealed class DeliveryLogTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);
    private static readonly DueDelivery Delivery = Some.Due(2);

    [Fact]
    public void A_reason_that_quotes_the_receiver_is_not_logged()
    {
        string line = Log(AttemptOutcome.Of(
            SendResult.Answered(Now, new Timings(null, null, TimeSpan.FromSeconds(1.23456)), SomeOutcome.Answer(Now, 308, location: "https://example.com/?sig=secret")), new KuduFormat()));

        Assert.EndsWith(": 308 in 1.235 s, now Pending, next 2026-02-27T17:45:06Z.", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_for_a_missing_response_is_logged()
    {
        string line = Log(SomeOutcome.Unanswered(Now, "The connection was refused."));

        Assert.EndsWith(": Failure in 0.003 s, now Pending, next 2026-02-27T17:45:06Z. The connection was refused.", line, StringComparison.Ordinal);
    }

    private static string Log(AttemptOutcome outcome)
    {
        var lines = new Lines();
        DeliveryLog.Attempted(lines, outcome, Delivery, 3, new Verdict(DeliveryState.Pending, Now, Spent: true));
        return Assert.Single(lines.Written);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
