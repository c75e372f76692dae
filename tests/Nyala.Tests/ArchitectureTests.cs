using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Nyala.Client;
using Nyala.Server;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests;

/// <summary>Checks that the code follows <c>docs/architecture.md</c> and the house rules.</summary>
public sealed partial class ArchitectureTests
{
    private const int MostLines = 370;
    private const string Server = "src/Nyala.Server";

    private static readonly string[] Rooms = [.. Directory
        .EnumerateDirectories(Repository.File(Server)).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj")).Order()];

    private static readonly string[] KnownChannels = [.. typeof(NyalaServer).Assembly.GetTypes()
        .Where(type => !type.IsInterface && (type.IsAssignableTo(typeof(IFormat)) || type.IsAssignableTo(typeof(IChannel)))).Select(type => type.Name)];

    /// <summary>Finds the namespace of a channel, or the name of a channel or a format.</summary>
    private static readonly Regex KnownChannel = new($@"\bOutbound\.Channels\.\w|\b({string.Join('|', KnownChannels)})\b");

    public static TheoryData<string> EachRoom() => [.. Rooms];

    [Fact]
    public void The_table_of_rooms_is_complete() => Assert.Equal(Rooms, Table().Keys.Order());

    [Theory, MemberData(nameof(EachRoom))]
    public void A_room_uses_only_the_rooms_that_its_row_allows(string room)
    {
        string row = Table()[room];
        string[] allowed = row == "all" ? Rooms : [.. Rooms.Where(name => Regex.IsMatch(row, $@"\b{name}\b"))];
        Assert.True(allowed.Length > 0 || row == "no other room", $"The row of {room} says '{row}'.");

        Assert.Equal([], UsedBy(room).Except(allowed).Order());
    }

    [Fact]
    public void Every_file_that_the_architecture_page_names_exists()
    {
        string[] named = [.. SourceFile().Matches(File.ReadAllText(Repository.File("docs/architecture.md"))).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 40, $"The page names {named.Length} files.");
        Assert.All(named, name => Assert.True(File.Exists(Repository.File($"{Server}/{name}")), name));
    }

    [Fact]
    public void The_scan_detects_usings_aliases_and_full_names()
    {
        const string Source = """
            using Nyala.Server.Events;
            using static Nyala.Server.Http.Refusal;
            using Sql = Nyala.Server.Storage.Sqlite.Session;
            class X { Nyala.Server.Outbound.Sender a; global::Nyala.Server.Secrets.SecretBox b; }
            """;

        Assert.Equal(["Events", "Http", "Outbound", "Secrets", "Storage"], Mentions(Source).Order());
    }

    [Fact]
    public void The_server_assembly_has_no_public_types()
    {
        IEnumerable<string> open = typeof(NyalaServer).Assembly.GetExportedTypes()
            .Where(type => !IsGenerated(type))
            .Select(type => type.FullName!);

        Assert.Empty(open);
    }

    [Fact]
    public void SQL_occurs_only_in_Storage()
    {
        string[] files = [.. Repository.Sources("src").Where(file => Sql().IsMatch(File.ReadAllText(file))).Select(Relative)];

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.StartsWith(Server + "/Storage/", file, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_HTTP_channel_and_the_downloader_handle_HTTP_messages()
    {
        string[] sources = [.. Repository.Sources($"{Server}/Delivery").Concat(Repository.Sources($"{Server}/Outbound"))];
        string[] handling = [.. sources.Where(file => HttpMessage().IsMatch(File.ReadAllText(file))).Select(Relative)];

        Assert.Contains($"{Server}/Outbound/Channels/Http/HttpChannel.cs", handling);
        Assert.Equal(
            [$"{Server}/Outbound/Downloader.cs"], handling.Where(file => !file.StartsWith($"{Server}/Outbound/Channels/Http/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_Targets_knows_which_channels_and_formats_there_are()
    {
        Assert.Contains(nameof(KuduFormat), KnownChannels);
        Assert.Contains(nameof(HttpChannel), KnownChannels);
        string[] knowing = [.. Repository.Sources(Server)
            .Where(file => KnownChannel.IsMatch(File.ReadAllText(file)))
            .Select(Relative)
            .Where(file => !file.StartsWith($"{Server}/Outbound/", StringComparison.Ordinal))];

        Assert.Equal([$"{Server}/Delivery/Targets.cs"], knowing);
    }

    [Theory]
    [InlineData("if (response.StatusCode == HttpStatusCode.Gone)", true, false)]
    [InlineData("HttpResponseMessage? response = null;", true, false)]
    [InlineData("using var request = new HttpRequestMessage();", true, false)]
    [InlineData("using Nyala.Server.Outbound.Channels.Http;", false, true)]
    [InlineData("using Nyala.Server.Outbound.Channels.Smtp;", false, true)]
    [InlineData("using Nyala.Server.Outbound.Channels;", false, false)]
    [InlineData("IFormat format = new KuduFormat();", false, true)]
    [InlineData("string name = FormatCatalog.Kudu.Facts.Name;", false, false)]
    [InlineData("ValueTask<SendResult?> sending = target.Channel.SendAsync(attempt, hardStop);", false, false)]
    public void The_scan_of_the_seams_detects_HTTP_messages_and_known_channels(string source, bool message, bool channel) =>
        Assert.Equal((message, channel), (HttpMessage().IsMatch(source), KnownChannel.IsMatch(source)));

    [Fact]
    public void No_source_file_has_more_lines_than_the_limit()
    {
        IEnumerable<string> tooLong = Repository.Sources("src")
            .Select(file => (File: Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(item => item.Lines > MostLines)
            .Select(item => $"{item.File} has {item.Lines} lines.");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Using_directives_are_sorted_with_those_of_the_framework_first()
    {
        IEnumerable<string> unsorted = ((string[])["src", "tests", "bench"]).SelectMany(Repository.Sources).Where(file =>
        {
            string[] names = [.. File.ReadLines(file).SkipWhile(line => line.Length == 0).TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal)).Select(line => line["using ".Length..^1])];
            return !names.SequenceEqual(names
                .OrderBy(name => name.Contains('=', StringComparison.Ordinal) ? 2 : name.StartsWith("static ", StringComparison.Ordinal) ? 1 : 0)
                .ThenBy(name => !Regex.IsMatch(name, @"^(static )?System\b"))
                .ThenBy(name => name, StringComparer.Ordinal));
        }).Select(Relative);

        Assert.Empty(unsorted);
    }

    [Fact]
    public void The_client_references_nothing_beyond_the_framework()
    {
        string[] references = [.. typeof(NyalaClient).Assembly.GetReferencedAssemblies().Select(name => name.Name!)];

        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain("Reference Include", File.ReadAllText(Repository.File("src/Nyala.Client/Nyala.Client.csproj")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_source_file_contains_the_type_that_it_is_named_after()
    {
        IEnumerable<string> odd = Repository.Sources("src")
            .Where(file => !Path.GetFileName(file).Equals("Program.cs", StringComparison.Ordinal))
            .Where(file => !Regex.IsMatch(
                File.ReadAllText(file), $@"\b(class|record|struct|interface|enum)\s+(struct\s+|class\s+)?{Regex.Escape(Path.GetFileName(file).Split('.')[0])}\b"))
            .Select(Relative);

        Assert.Empty(odd);
    }

    /// <summary>Returns the column "may use" of the table of rooms.</summary>
    private static Dictionary<string, string> Table() => File.ReadLines(Repository.File("docs/architecture.md"))
        .Select(line => Row().Match(line))
        .Where(match => match.Success)
        .ToDictionary(match => match.Groups["room"].Value, match => match.Groups["uses"].Value);

    private static HashSet<string> UsedBy(string room)
    {
        IEnumerable<string> mentioned = Repository.Sources($"{Server}/{room}").SelectMany(file => Mentions(File.ReadAllText(file)));
        return [.. mentioned.Where(name => name != room && Rooms.Contains(name))];
    }

    private static IEnumerable<string> Mentions(string source) => Mention().Matches(source).Select(match => match.Groups[1].Value).Distinct();

    private static bool IsGenerated(Type type) => (type.Namespace ?? "").StartsWith("OrleansCodeGen", StringComparison.Ordinal)
        || type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is not null;

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    [GeneratedRegex(@"^\| `(?<room>\w+)/` \|.*\| (?<uses>[^|]+?) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`([\w/]+\.cs)`")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"\bHttp((Request|Response)Message|StatusCode)\b")]
    private static partial Regex HttpMessage();

    [GeneratedRegex(@"\bNyala\.Server\.(\w+)")]
    private static partial Regex Mention();

    [GeneratedRegex(@"""[^""]*\b(SELECT\s+.+\s+FROM|INSERT\s+(OR \w+ )?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX)|PRAGMA)\b")]
    private static partial Regex Sql();
}
