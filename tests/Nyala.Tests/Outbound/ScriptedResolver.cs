using System.Collections.Concurrent;
using System.Net;
using Nyala.Server.Outbound;

namespace Nyala.Tests.Outbound;

/// <summary>A resolver that returns the given answers in order, and then repeats the last one.</summary>
internal sealed class ScriptedResolver(params string[][] answers) : IResolver
{
    private readonly ConcurrentQueue<string[]> _answers = new(answers[..^1]);

    /// <summary>The number of lookups.</summary>
    public int Count { get; private set; }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Count++;
        string[] answer = _answers.TryDequeue(out string[]? next) ? next : answers[^1];
        return Task.FromResult<IPAddress[]>([.. answer.Select(IPAddress.Parse)]);
    }
}
