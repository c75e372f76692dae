using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary>The options for a hook's settings, shared by <c>hooks add</c> and <c>hooks set</c>.</summary>
internal sealed class HookSettingOptions
{
    private readonly Option<string?> _format = new("--format")
    {
        Description = "How to write events, for example kudu, slack or pagerduty. The page \"Integrations\" of the documentation lists all. Default: what the URL's service reads, else kudu.",
        HelpName = "format",
    };

    private readonly Option<string[]> _setting = new("--setting")
    {
        Description = "A setting of the format, name=value, for example routing_key=… for pagerduty. Repeat for more. Replaces all of the hook's settings.",
        HelpName = "name=value",
    };

    private readonly HookTemplateOptions _template = new();

    private readonly Option<int?> _logLines = new("--log-lines")
    {
        Description = "Include this many of the last lines of a deployment's log, 0 to 100. Default: 15 in messages for people, which show them if the deployment failed.",
        HelpName = "number",
    };

    private readonly Option<string?> _description = new("--description") { Description = "A description for people.", HelpName = "text" };
    private readonly HookFilterOptions _filter = new();
    private readonly Option<bool?> _ordered = new("--ordered") { Description = "Deliver events one at a time, in order. A failing delivery blocks later ones. Use '--ordered false' to turn this off.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _rate = new("--rate")
    {
        Description = "The maximum number of attempts per minute, 1 to 60000.",
        HelpName = "number",
        CustomParser = ParseRate,
    };

    private readonly Option<string[]> _header = new("--header")
    {
        Description = "A request header, \"Name: value\". Repeat for more. Replaces all of the hook's headers.",
        HelpName = "header",
    };

    private readonly Option<bool?> _insecure = new("--insecure-ssl") { Description = "Do not verify the receiver's certificate. For tests only. Use '--insecure-ssl false' to turn this off.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> _ca = new("--ca")
    {
        Description = "A PEM file with the only certificate authorities to trust for this receiver.",
        HelpName = "file",
    };

    private readonly Option<string?> _clientCertificate = new("--client-certificate")
    {
        Description = "A PEM file with a client certificate and its key, for receivers that require one. The server stores the key encrypted.",
        HelpName = "file",
    };

    public static HookSettingOptions AddTo(Command command)
    {
        var options = new HookSettingOptions();
        foreach (Option option in (Option[])[
            options._format, options._setting, .. options._template.All, options._logLines, options._description, .. options._filter.All,
            options._ordered, options._rate, options._header, options._insecure, options._ca, options._clientCertificate])
        {
            command.Add(option);
        }

        return options;
    }

    /// <summary>Returns the request with the settings that were given on the command line; the others stay null.</summary>
    /// <exception cref="CommandFailure">A setting is not valid.</exception>
    public T Apply<T>(ParseResult parsed, CommandEnvironment environment, T request)
        where T : HookFields => (T)(request with
        {
            Format = parsed.GetValue(_format),
            FormatSettings = OptionPairs.Read(parsed.GetValue(_setting), '=', "--setting must be name=value, and each name can be used only once."),
            Template = _template.Read(parsed, environment),
            LogLines = parsed.GetValue(_logLines),
            Description = parsed.GetValue(_description),
            Filter = _filter.Read(parsed),
            Ordered = Flag(parsed, _ordered),
            Rate = parsed.GetValue(_rate),
            Headers = OptionPairs.Read(parsed.GetValue(_header), ':', "--header must be \"Name: value\", and each name can be used only once."),
            InsecureSsl = Flag(parsed, _insecure),
            Ca = parsed.GetValue(_ca) is { } ca ? InputFile.ReadText(ca) : null,
            ClientCertificate = parsed.GetValue(_clientCertificate) is { } certificate ? InputFile.ReadText(certificate) : null,
        });

    private static int? ParseRate(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate is >= 1 and <= 60_000)
        {
            return rate;
        }

        result.AddError("--rate must be a whole number from 1 to 60000.");
        return null;
    }

    // The option without a value means true.
    private static bool? Flag(ParseResult parsed, Option<bool?> option) =>
        parsed.GetResult(option) is null ? null : parsed.GetValue(option) ?? true;
}
