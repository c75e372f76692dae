using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Nyala.Tests.Support;

/// <summary>Keeps every line that a server logs, at every level, with its exception and its scopes.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider? _scopes;

    public IReadOnlyCollection<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // The values are kept too, because a structured log also writes values that the text leaves out.
            string values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
            var scopes = new List<object?>();
            log._scopes?.ForEachScope((scope, all) => all.Add(scope), scopes);
            log._lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {values} {exception} {string.Join(' ', scopes)}");
        }
    }
}
