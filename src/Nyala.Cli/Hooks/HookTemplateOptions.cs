using System.CommandLine;
using System.Text;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary>The options for a hook's template.</summary>
internal sealed class HookTemplateOptions
{
    private readonly Option<string?> _template = new("--template")
    {
        Description = "A file with a Liquid template of the request's body. It implies --format template. - reads standard input.",
        HelpName = "file",
    };

    private readonly Option<string?> _contentType = new("--content-type") { Description = "The content type of the template's body. Default: application/json.", HelpName = "type" };
    private readonly Option<string?> _method = new("--method") { Description = "The method of the template's request: POST, PUT or PATCH. Default: POST.", HelpName = "method" };

    private readonly Option<string[]> _header = new("--template-header")
    {
        Description = "A header of the template's request, \"Name: template\". Repeat for more. Put secrets in --header.",
        HelpName = "header",
    };

    private readonly Option<string?> _escape = new("--escape")
    {
        Description = "How the template escapes values: json, html, url or none. Default: as the content type requires.",
        HelpName = "name",
    };

    public IEnumerable<Option> All => [_template, _contentType, _method, _header, _escape];

    /// <summary>Returns the template that was given on the command line; null if there is none.</summary>
    /// <exception cref="CommandFailure">An option is not valid, or the file cannot be read.</exception>
    public HookTemplate? Read(ParseResult parsed, CommandEnvironment environment)
    {
        if (parsed.GetValue(_template) is not { } file)
        {
            return All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is not { } alone ? null
                : throw CommandFailure.Usage($"{alone.Name} needs --template. A new template replaces the whole one.");
        }

        return new HookTemplate
        {
            Body = ReadBody(file, environment),
            ContentType = parsed.GetValue(_contentType),
            Method = parsed.GetValue(_method),
            Headers = OptionPairs.Read(parsed.GetValue(_header), ':', "--template-header must be \"Name: template\", and each name can be used only once."),
            Escape = parsed.GetValue(_escape),
        };
    }

    /// <summary>Reads the body without the line end that editors add to a file.</summary>
    private static string ReadBody(string file, CommandEnvironment environment)
    {
        using Stream stream = file == "-"
            ? environment.OpenInput() ?? throw CommandFailure.Usage("--template - reads standard input: pipe the template in.")
            : InputFile.Open(file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string body = reader.ReadToEnd();
        return body.EndsWith("\r\n", StringComparison.Ordinal) ? body[..^2] : body.EndsWith('\n') ? body[..^1] : body;
    }
}
