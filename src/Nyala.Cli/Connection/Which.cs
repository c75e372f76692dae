using System.Net;
using Nyala.Client;

namespace Nyala.Cli.Connection;

/// <summary>
/// Which one of its kind is meant: by its id, by <c>latest</c>, by at least four characters of the id's beginning or end, or by a name if there is one. Several that fit are
/// an error that lists them, never a guess.
/// </summary>
/// <typeparam name="T">What is looked for.</typeparam>
/// <param name="Noun">What it is called: <c>hook</c>.</param>
/// <param name="IdOf">Its id.</param>
/// <param name="NamesOf">Other names of it, which must be given whole.</param>
/// <param name="Shown">How it is shown among others.</param>
internal sealed record Which<T>(string Noun, Func<T, string> IdOf, Func<T, IEnumerable<string>> NamesOf, Func<T, string> Shown)
{
    private const string Latest = "latest";
    private const int Shortest = 4;
    private const int MostListed = 10;

    /// <summary>Finds its id. A text that fits none is given back as it is: the server says so.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="read">Reads one by its whole id; refused with 404 if there is none. Null if the list has all of them.</param>
    /// <param name="list">Lists those that can be meant, newest first.</param>
    /// <exception cref="CommandFailure">Several fit, or <c>latest</c> is asked for and there is none.</exception>
    public async Task<string> IdAsync(string text, Func<string, Task>? read, Func<Task<IReadOnlyList<T>>> list)
    {
        if (text != Latest && read is not null && await IsThereAsync(text, read))
        {
            return text;
        }

        IReadOnlyList<T> all = await list();
        return Pick(text, all) is { } one ? IdOf(one) : text;
    }

    /// <summary>Decides; null if none fits.</summary>
    /// <exception cref="CommandFailure">Several fit, or <c>latest</c> is asked for and there is none.</exception>
    public T? Pick(string text, IReadOnlyList<T> newestFirst)
    {
        if (newestFirst.FirstOrDefault(one => IdOf(one) == text) is { } exact)
        {
            return exact;
        }

        T[] fit = [.. newestFirst.Where(one => NamesOf(one).Contains(text, StringComparer.OrdinalIgnoreCase))];
        if (fit.Length == 0 && text == Latest)
        {
            return newestFirst.Count > 0 ? newestFirst[0] : throw CommandFailure.Absent($"no {Noun} exists yet.");
        }

        if (fit.Length == 0 && text.Length >= Shortest)
        {
            fit = [.. newestFirst.Where(one => IdOf(one).StartsWith(text, StringComparison.OrdinalIgnoreCase) || IdOf(one).EndsWith(text, StringComparison.OrdinalIgnoreCase))];
        }

        return fit.Length <= 1 ? fit.FirstOrDefault() : throw new CommandFailure(
            $"'{text}' matches more than one {Noun}: {string.Join("; ", fit.Take(MostListed).Select(Shown))}{(fit.Length > MostListed ? "; …" : "")}. Use the full ID.");
    }

    private static async Task<bool> IsThereAsync(string id, Func<string, Task> read)
    {
        try
        {
            await read(id);
            return true;
        }
        catch (NyalaException error) when (error.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return false;
        }
    }
}
