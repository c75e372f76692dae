using System.Text;

namespace Nyala.EndToEnd.Support;

/// <summary>The output of a process, collected while it runs.</summary>
internal sealed class Transcript
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource<bool> _changed = New();
    private bool _ended;

    public Transcript(TextReader reader) => Whole = GatherAsync(reader);

    /// <summary>The whole output. Completes when the process has ended.</summary>
    public Task<string> Whole { get; }

    /// <summary>Waits until the text is printed, and returns the output up to then.</summary>
    public async Task<string> HoldsAsync(string text)
    {
        while (true)
        {
            Task<bool> changed;
            lock (_gate)
            {
                string printed = _text.ToString();
                if (printed.Contains(text, StringComparison.Ordinal))
                {
                    return printed;
                }

                Assert.False(_ended, $"The process ended without printing '{text}'. It printed: {printed}");
                changed = _changed.Task;
            }

            await changed.InTimeAsync($"'{text}' is printed");
        }
    }

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<string> GatherAsync(TextReader reader)
    {
        char[] buffer = new char[4096];
        int read;
        do
        {
            read = await reader.ReadAsync(buffer);
            lock (_gate)
            {
                _text.Append(buffer, 0, read);
                _ended = read == 0;
                _changed.SetResult(true);
                _changed = New();
            }
        }
        while (read > 0);

        return _text.ToString();
    }
}
