namespace Nyala.Server.Outbound.Formats;

/// <summary>All formats.</summary>
internal static class FormatCatalog
{
    private static readonly Dictionary<string, IFormat> ByName;

    static FormatCatalog()
    {
        All =
        [
            Kudu,
            new SlackFormat(), new TeamsFormat(), new DiscordFormat(), new MattermostFormat(), new RocketChatFormat(), new GoogleChatFormat(), new TelegramFormat(),
            new MatrixFormat(), new GotifyFormat(), new NtfyFormat(),
            new PagerDutyFormat(), new OpsgenieFormat(),
            new CloudEventsFormat(), new CdEventsFormat(), new DevLakeFormat(),
            new XFormat(), new MailFormat(), new CallFormat(), new SmsFormat(),
            Template,
        ];
        ByName = All.ToDictionary(format => format.Facts.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The format of a hook that names none, and whose URL belongs to no known service.</summary>
    public static IFormat Kudu { get; } = new KuduFormat();

    /// <summary>The format of hooks that write their requests themselves.</summary>
    public static IFormat Template { get; } = new TemplateFormat();

    /// <summary>The formats in the order of the documentation.</summary>
    public static IReadOnlyList<IFormat> All { get; }

    /// <summary>Finds a format by its name; null if there is none.</summary>
    public static IFormat? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Returns the format with a stored name; Kudu's for null.</summary>
    /// <exception cref="InvalidOperationException">This version does not know the format.</exception>
    public static IFormat Get(string? name) => name is null ? Kudu
        : Find(name) ?? throw new InvalidOperationException($"The hook has the format '{name}', which this version does not know.");

    /// <summary>Returns the format of the service to which a URL certainly belongs; Kudu's if that is not certain.</summary>
    public static IFormat Of(Uri url) => All.FirstOrDefault(format => format.Facts.IsUsualFor(url)) ?? Kudu;
}
