using System.Text;
using System.Text.RegularExpressions;

namespace Nyala.Server.Deploying.Commands;

/// <summary>A program that a command calls, with its arguments.</summary>
/// <param name="Program">Its name or path.</param>
/// <param name="Arguments">Its arguments; null for one that only the shell can expand.</param>
internal sealed record CommandCall(string Program, IReadOnlyList<string?> Arguments);

/// <summary>
/// Finds the programs that a shell command calls. It runs nothing and expands only the variables that it is given, so its results are good for hints but not
/// for decisions about security.
/// </summary>
internal sealed partial class CommandWords
{
    private static readonly string[] Prefixes =
        ["if", "then", "else", "elif", "while", "until", "do", "!", "{", "}", "time", "exec", "command", "nohup", "env", "setsid"];

    private readonly Func<string, string?> _expand;
    private readonly string _text;
    private readonly List<CommandCall> _calls = [];
    private readonly List<string?> _words = [];
    private readonly StringBuilder _word = new();
    private bool _started;
    private bool _unknown;
    private bool _redirects;
    private int _at;

    private CommandWords(string command, Func<string, string?> expand) => (_text, _expand) = (command, expand);

    /// <summary>Returns the programs that a command calls, in their order.</summary>
    /// <param name="command">The command.</param>
    /// <param name="expand">Returns the value of a variable; null if it is not known.</param>
    public static IReadOnlyList<CommandCall> Read(string command, Func<string, string?> expand)
    {
        var words = new CommandWords(command, expand);
        while (words._at < command.Length)
        {
            words.Step(command[words._at++]);
        }

        words.EndCall();
        return words._calls;
    }

    private void Step(char c)
    {
        switch (c)
        {
            case '\'':
                Quoted();
                break;
            case '"':
                DoubleQuoted();
                break;
            case '\\':
                Escaped();
                break;
            case '$':
                Expansion();
                break;
            case '#' when !_started:
                SkipComment();
                break;
            case '\n' or ';' or '&' or '|' or '(' or ')' or '`':
                EndCall();
                break;
            case '<' or '>':
                Redirect();
                break;
            default:
                if (char.IsWhiteSpace(c))
                {
                    EndWord();
                }
                else
                {
                    Append(c);
                }

                break;
        }
    }

    private void Append(char c)
    {
        _word.Append(c);
        _started = true;
    }

    private void Quoted()
    {
        int end = _text.IndexOf('\'', _at);
        end = end < 0 ? _text.Length : end;
        _word.Append(_text, _at, end - _at);
        _started = true;
        _at = Math.Min(end + 1, _text.Length);
    }

    private void DoubleQuoted()
    {
        _started = true;
        while (_at < _text.Length && _text[_at] != '"')
        {
            char c = _text[_at++];
            if (c == '$')
            {
                Expansion();
            }
            else if (c == '\\' && _at < _text.Length && _text[_at] is '$' or '`' or '"' or '\\')
            {
                _word.Append(_text[_at++]);
            }
            else
            {
                _unknown |= c == '`';
                _word.Append(c);
            }
        }

        _at = Math.Min(_at + 1, _text.Length);
    }

    private void Escaped()
    {
        if (_at < _text.Length && _text[_at++] is var next and not '\n')
        {
            Append(next);
        }
    }

    private void Expansion()
    {
        _started = true;
        Match match = Variable().Match(_text, _at);
        if (!match.Success || _expand(match.Groups["name"].Value) is not { } value)
        {
            _unknown = true;
            return;
        }

        _word.Append(value);
        _at += match.Length;
    }

    private void SkipComment()
    {
        int end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private void Redirect()
    {
        // A number before the redirection is a file descriptor.
        if (_word.Length > 0 && _word.ToString().All(char.IsAsciiDigit))
        {
            _word.Clear();
            _started = false;
        }

        EndWord();
        while (_at < _text.Length && _text[_at] is '<' or '>' or '&' or '-')
        {
            _at++;
        }

        _redirects = true;
    }

    private void EndWord()
    {
        if (_started && !_redirects)
        {
            _words.Add(_unknown ? null : _word.ToString());
        }

        _redirects &= !_started;
        _word.Clear();
        _started = _unknown = false;
    }

    private void EndCall()
    {
        EndWord();
        _redirects = false;
        int first = _words.FindIndex(word => word is null || !(Prefixes.Contains(word) || Assignment().IsMatch(word)));
        if (first >= 0 && _words[first] is { Length: > 0 } program)
        {
            _calls.Add(new CommandCall(program, _words[(first + 1)..]));
        }

        _words.Clear();
    }

    [GeneratedRegex(@"\G(?:\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Assignment();
}
