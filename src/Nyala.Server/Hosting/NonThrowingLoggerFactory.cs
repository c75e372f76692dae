using Microsoft.Extensions.Options;

namespace Nyala.Server.Hosting;

/// <summary>Logging that never throws. If a message cannot be logged, the operation continues.</summary>
internal sealed class NonThrowingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    /// <summary>Registers this factory, which uses the registered providers.</summary>
    public static IServiceCollection AddTo(IServiceCollection services) => services.AddSingleton<ILoggerFactory>(provider => new NonThrowingLoggerFactory(
        new LoggerFactory(
            provider.GetServices<ILoggerProvider>(),
            provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
            provider.GetService<IOptions<LoggerFactoryOptions>>(),
            provider.GetService<IExternalScopeProvider>())));

    public ILogger CreateLogger(string categoryName) => new NonThrowingLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class NonThrowingLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
            catch (Exception)
            {
                // There is nowhere to report this.
            }
        }
    }
}
