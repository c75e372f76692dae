namespace Nyala.Server.Outbound.Channels;

/// <summary>A secret of an account, which is an option, or the content of a file that an option names.</summary>
/// <param name="Key">The configuration key of the option.</param>
/// <param name="Value">The secret; empty if it is in the file, or if there is none.</param>
/// <param name="File">The file; empty for none. It is read at each use, so a replaced secret is used without a restart.</param>
internal readonly record struct AccountSecret(string Key, string Value, string File)
{
    public bool IsSet => Value.Length > 0 || File.Length > 0;

    /// <summary>Returns the secret, without line breaks at its end; empty if there is none.</summary>
    /// <exception cref="AccountSecretException">The file cannot be read.</exception>
    public string Read()
    {
        try
        {
            return File.Length > 0 ? System.IO.File.ReadAllText(File).TrimEnd('\r', '\n') : Value;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AccountSecretException($"The file that {Key}File names cannot be read.", error);
        }
    }

    /// <summary>Returns the errors in the options.</summary>
    public IEnumerable<string> Validate()
    {
        if (Value.Length > 0 && File.Length > 0)
        {
            yield return $"{Key} and {Key}File are both set. Set only one of them.";
        }
        else if (File.Length > 0 && Unreadable() is { } problem)
        {
            yield return $"{Key}File cannot be read: {problem}";
        }
    }

    private string? Unreadable()
    {
        try
        {
            return Read().Length == 0 ? "it is empty." : null;
        }
        catch (AccountSecretException error)
        {
            return error.InnerException!.Message;
        }
    }

    /// <summary>Omits the value.</summary>
    public override string ToString() => Key;
}

/// <summary>The secret of an account cannot be read. The message names the option, and may be shown.</summary>
internal sealed class AccountSecretException(string message, Exception inner) : Exception(message, inner);
