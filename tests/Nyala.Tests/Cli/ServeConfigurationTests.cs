using System.Text;
using CsCheck;
using Nyala.Cli.Serve;
using Nyala.Server;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Fuzzing;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>How <c>nyala serve</c> reads its options, and which errors it reports.</summary>
public sealed class ServeConfigurationTests : IDisposable
{
    private static readonly string[] Words =
        ["Delivery", "DELIVERY", "life", "Life", "Urls", "URLS", "Data", "Outbound", "Allow", "0", "1", "Https", "Deploying", "Zip", "Size", "", "_", "x y", "\u001b[31m", "Ä"];

    private static readonly string[] Values =
        ["", "5d", "1", "-1", "true", "http://127.0.0.1:0", "99999999999999999999d", "10.0.0.0/8,::/0", "\0", "\ud800", "\"", "[]", "http://[", ",", "1e9"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("NYALA_DATA", "NYALA_Data")]
    [InlineData("NYALA_DELIVERY__LIFE", "NYALA_DELIVERY__life")]
    [InlineData("NYALA_DELIVERY:LIFE", "NYALA_DELIVERY__LIFE")]
    public void Two_variables_for_one_option_are_an_error_that_names_both(string one, string other)
    {
        IReadOnlyList<string> errors = Read(variables: [(one, "5d"), (other, "6d")]);

        Assert.Equal([$"{one} and {other} set the same option. Remove one of them."], errors);
    }

    [Theory]
    [InlineData("NYALA_DELIVERY__LIEF", "NYALA_DELIVERY__LIEF is not an option. Did you mean NYALA_DELIVERY__LIFE?")]
    [InlineData("NYALA_delivery__lief", "NYALA_delivery__lief is not an option. Did you mean NYALA_DELIVERY__LIFE?")]
    [InlineData("NYALA_DELIVERY_LIFE", "NYALA_DELIVERY_LIFE is not an option. Did you mean NYALA_DELIVERY__LIFE?")]
    [InlineData("NYALA_LIFE", "NYALA_LIFE is not an option. Did you mean NYALA_DELIVERY__LIFE?")]
    [InlineData("NYALA_URL", "NYALA_URL is not an option. Did you mean NYALA_URLS?")]
    [InlineData("NYALA_OUTBOND__ALLOW", "NYALA_OUTBOND__ALLOW is not an option. Did you mean NYALA_OUTBOUND__ALLOW?")]
    [InlineData("NYALA_", "NYALA_ is not an option: it has an empty name.")]
    [InlineData("NYALA_DELIVERY__", "NYALA_DELIVERY__ is not an option: it has an empty name.")]
    public void The_error_for_a_mistyped_variable_names_it_as_it_was_written(string variable, string error) =>
        Assert.Equal([error], Read(variables: [(variable, "5d")]));

    [Fact]
    public void The_error_for_an_unknown_variable_lists_the_options_of_its_section()
    {
        string error = Assert.Single(Read(variables: [("NYALA_DEPLOYMENTS__COLOR", "red")]));

        Assert.StartsWith("NYALA_DEPLOYMENTS__COLOR is not an option. The options here are NYALA_DEPLOYMENTS__LOGLIMIT, NYALA_DEPLOYMENTS__SILENTAFTER.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Outbound":{"Alow":[]}}""", "Outbound:Alow in FILE is not an option. Did you mean Outbound:Allow?")]
    [InlineData("""{"Outbound":{"alow":["10.0.0.0/8"]}}""", "Outbound:alow in FILE is not an option. Did you mean Outbound:Allow?")]
    [InlineData("""{"Delivery":{"Life":"soon"}}""", "Delivery:Life in FILE is 'soon': it must be a duration")]
    [InlineData("""{"Delivery":{"InFlightPerHook":0}}""", "Delivery:InFlightPerHook in FILE is 0")]
    [InlineData("""{"Delivery":{"Life":"1d","LIFE":"2d"}}""", "Delivery:Life and Delivery:LIFE in FILE set the same option.")]
    [InlineData("""{"Data":"a","Data":"b"}""", "Data in FILE is set twice.")]
    [InlineData("""{"Urls":["http://127.0.0.1:0"]}""", "Urls in FILE is an object or a list")]
    [InlineData("""{"":1}""", " in FILE is not an option: it has an empty name.")]
    [InlineData("""{"Data":"\ud800"}""", "FILE contains a \\u escape")]
    [InlineData("[]", "FILE must contain one JSON object")]
    [InlineData("null", "FILE must contain one JSON object")]
    [InlineData("", "FILE cannot be read: line 1, position 1")]
    [InlineData("{", "FILE cannot be read: line 1")]
    [InlineData("{'Data':1}", "FILE cannot be read: line 1, position 2")]
    public void An_error_in_the_configuration_file_names_the_option_and_the_file(string json, string error)
    {
        string file = Write(Encoding.UTF8.GetBytes(json));

        Assert.StartsWith(error.Replace("FILE", file, StringComparison.Ordinal), Assert.Single(Read(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_a_command_line_option_names_that_option() =>
        Assert.StartsWith("--urls contains 'ftp://here'", Assert.Single(Read(urls: "ftp://here")), StringComparison.Ordinal);

    [Fact]
    public void A_missing_or_unreadable_configuration_file_gets_a_readable_error()
    {
        string folder = Directory.CreateDirectory(_folder.In("folder")).FullName;
        File.CreateSymbolicLink(_folder.In("dangling"), _folder.In("nothing"));

        Assert.Equal([$"{folder} is a folder, not a configuration file."], Read(folder));
        Assert.Equal([$"The file {_folder.In("nothing.json")} does not exist."], Read(_folder.In("nothing.json")));
        Assert.Equal([$"The file {_folder.In("dangling")} does not exist."], Read(_folder.In("dangling")));
        Assert.StartsWith("The configuration file '' cannot be read", Assert.Single(Read("")), StringComparison.Ordinal);
        Assert.Contains("is larger than 1 MiB", Assert.Single(Read("/dev/zero")), StringComparison.Ordinal);
        Assert.Contains("UTF-16", Assert.Single(Read(Write([0xFF, 0xFE, 0x7B, 0x00]))), StringComparison.Ordinal);
        Assert.Contains("is not UTF-8 text", Assert.Single(Read(Write([.. "{\"Data\":\""u8, 0xC3, 0x28, .. "\"}"u8]))), StringComparison.Ordinal);
        Assert.Contains("depth", Assert.Single(Read(Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5000)))))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".hidden.json")]
    [InlineData("plain.json")]
    public void A_configuration_file_may_be_hidden_and_have_a_byte_order_mark(string name)
    {
        string file = _folder.In(name);
        File.WriteAllBytes(file, [0xEF, 0xBB, 0xBF, .. """{"Data":"/there", /* why */ "Delivery":{"Life":"3d",},}"""u8]);

        Assert.Empty(Read(file, out NyalaOptions options));
        Assert.Equal(("/there", TimeSpan.FromDays(3)), (options.Data, options.Delivery.Life));
    }

    [Fact]
    public void A_later_source_replaces_the_whole_list_in_either_form()
    {
        string asList = Write("""{"Outbound":{"Allow":["10.0.0.0/8","10.1.0.0/16","10.2.0.0/16"]}}"""u8.ToArray());
        Assert.Empty(Read(asList, out NyalaOptions options, variables: [("NYALA_OUTBOUND__ALLOW__0", "192.168.0.0/16")]));
        Assert.Equal(["192.168.0.0/16"], options.Outbound.Allow);
        Assert.Empty(Read(asList, out options, variables: [("NYALA_OUTBOUND__ALLOW", "192.168.0.0/16")]));
        Assert.Equal(["192.168.0.0/16"], options.Outbound.Allow);

        string asText = Write("""{"outbound":{"Allow":"10.0.0.0/8,10.1.0.0/16"}}"""u8.ToArray());
        Assert.Empty(Read(asText, out options, variables: [("NYALA_OUTBOUND__ALLOW__0", "192.168.0.0/16")]));
        Assert.Equal(["192.168.0.0/16"], options.Outbound.Allow);
    }

    [Fact]
    public void The_number_of_reported_errors_is_limited()
    {
        string many = string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"\"mistake{number}\":1"));

        Assert.InRange(Read(Write(Encoding.UTF8.GetBytes($"{{{many}}}"))).Count, 50, 60);
    }

    [Fact]
    public void No_environment_variable_causes_an_exception()
    {
        Gen<string> key = Odd.Of(Words).Array[1, 4].Select(parts => "NYALA_" + string.Join("__", parts));
        Gen.Select(key, Odd.Of(Values)).Array[0, 6].Sample(
            variables => { _ = Read(variables: [.. variables.DistinctBy(variable => variable.Item1)]); },
            iter: Fuzz.Cases);
    }

    [Fact]
    public void No_configuration_file_causes_an_exception()
    {
        Gen<byte[]> form = Gen.Select(Odd.Of(Words), Odd.Of(Words), Odd.Of(Values), Gen.Int[0, 5]).Select((one, two, value, shape) =>
            Encoding.UTF8.GetBytes(string.Format(null, Shapes[shape], one, two, value)));
        Gen.Select(form, Gen.Byte, Gen.Int[0, 200], Gen.Bool).Sample(
            (bytes, odd, at, change) =>
            {
                if (change && bytes.Length > 0)
                {
                    bytes[at % bytes.Length] = odd;
                }

                var errors = new List<string>();
                _ = ServeConfiguration.Read([ConfigurationFile.Parse(bytes, "nyala.json", errors)], new NyalaOptions(), errors);
            },
            iter: Fuzz.Cases);
    }

    private static readonly string[] Shapes =
    [
        """{{"{0}":{{"{1}":"{2}"}}}}""", """{{"{0}":"{2}","{1}":null}}""", """{{"{0}":[{{"{1}":"{2}"}}]}}""", """{{"{0}":{{}},"{1}":[],"{0}:{1}":"{2}"}}""", """[["{0}",{{"{1}":{2}}}]]""", "{0}{1}{2}",
    ];

    private string Write(byte[] bytes)
    {
        string file = _folder.In($"{Guid.NewGuid():n}.json");
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private static IReadOnlyList<string> Read(string? file = null, string? urls = null, params (string Name, string Value)[] variables) => Read(file, out _, urls, variables);

    private static IReadOnlyList<string> Read(string? file, out NyalaOptions options, string? urls = null, params (string Name, string Value)[] variables)
    {
        options = new NyalaOptions();
        return ServeConfiguration.Read(file, urls, null, variables.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)), options);
    }
}
