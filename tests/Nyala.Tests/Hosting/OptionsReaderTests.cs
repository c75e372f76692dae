using System.Text;
using Microsoft.Extensions.Configuration;
using Nyala.Server;
using Nyala.Server.Hosting;

namespace Nyala.Tests.Hosting;

public sealed class OptionsReaderTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Read([], out _));

    [Fact]
    public void Every_kind_of_option_is_read()
    {
        IReadOnlyList<string> errors = Read(
            new()
            {
                ["urls"] = "http://0.0.0.0:80",
                ["Delivery:RetrySchedule"] = "1s, 5m,2h",
                ["Delivery:InFlightPerHook"] = "4",
                ["delivery:LIFE"] = "2d",
                ["Outbound:Allow:0"] = "10.0.0.0/8",
                ["Outbound:Allow:1"] = "fd12::/32",
                ["Sites:Default"] = "shop",
                ["Deploying:Zip:Size"] = "5000000000",
            },
            out NyalaOptions options);

        Assert.Empty(errors);
        Assert.Equal("http://0.0.0.0:80", options.Urls);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromHours(2)], options.Delivery.RetrySchedule);
        Assert.Equal((4, TimeSpan.FromDays(2), "shop"), (options.Delivery.InFlightPerHook, options.Delivery.Life, options.Sites.Default));
        Assert.Equal(["10.0.0.0/8", "fd12::/32"], options.Outbound.Allow);
        Assert.Equal(5_000_000_000, options.Deploying.Zip.Size);
    }

    [Fact]
    public void All_errors_are_reported_at_once_each_with_its_key()
    {
        IReadOnlyList<string> errors = Read(
            new()
            {
                ["Urls"] = "ftp://127.0.0.1:1",
                ["AllowedHosts"] = "https://nyala.example.com",
                ["Proxies"] = "10.0.0.0/8,proxy.example.com",
                ["Https:Certificate"] = "/nowhere/tls.crt",
                ["Data"] = "",
                ["PublicUrl"] = "ftp://x",
                ["Sites:Default"] = "../x",
                ["Delivery:RetrySchedule"] = "1s,soon",
                ["Delivery:Life"] = "forever",
                ["Delivery:InFlightPerHook"] = "0",
                ["Delivery:InFlightPerNode"] = "many",
                ["Outbound:Allow"] = "10.0.0.0/8,10.0.0.1/8",
                ["Outbound:ConnectTimeout"] = "1m",
                ["Outbound:Proxy"] = "https://proxy.example",
                ["Deployments:SilentAfter"] = "1s",
                ["Deployments:LogLimits"] = "1",
                ["Deploying:Zip:Size"] = "2 GiB",
                ["Deploying:Zip:Entries"] = "0",
                ["Deploying:Zip:Ratio"] = "0",
                ["Deploying:Zip:RatioFrom"] = "-1",
                ["Telemetry:Otlp"] = "collector:4317",
                ["Telemetry:OtlpProtocol"] = "tcp",
                ["Telemetry:TracesPercent"] = "101",
                ["Color"] = "red",
            },
            out _);

        foreach (string key in (string[])
            [
                "Urls", "AllowedHosts", "Proxies", "Https:Certificate", "Data", "PublicUrl", "Sites:Default", "Delivery:RetrySchedule", "Delivery:Life", "Delivery:InFlightPerHook",
                "Delivery:InFlightPerNode", "Outbound:Allow", "Outbound:ConnectTimeout", "Outbound:Proxy", "Deployments:SilentAfter", "Deployments:LogLimits", "Deploying:Zip:Size", "Deploying:Zip:Entries", "Deploying:Zip:Ratio", "Deploying:Zip:RatioFrom",
                "Telemetry:Otlp", "Telemetry:OtlpProtocol", "Telemetry:TracesPercent", "Color",
            ])
        {
            Assert.Contains(errors, error => error.StartsWith(key + " ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_error_for_an_unknown_option_lists_the_known_ones() => Assert.Contains(
        Read(new() { ["Deployments:Silent"] = "1h" }, out _),
        error => error.Contains("Deployments:Silent is not an option", StringComparison.Ordinal) && error.Contains("LogLimit, SilentAfter", StringComparison.Ordinal));

    [Theory]
    [InlineData("Url", "Url is not an option. Did you mean Urls?")]
    [InlineData("dtaa", "dtaa is not an option. Did you mean Data?")]
    [InlineData("Delivery:RetryShedule", "Delivery:RetryShedule is not an option. Did you mean Delivery:RetrySchedule?")]
    public void The_error_for_a_misspelled_option_suggests_the_nearest_one(string key, string error) =>
        Assert.Equal([error], Read(new() { [key] = "1s" }, out _));

    [Fact]
    public void One_invalid_list_entry_is_one_error() => Assert.Equal(
        ["Delivery:RetrySchedule contains 'soon': each entry must be a duration such as 30s, 5m, 12h, 7d or 00:00:30."],
        Read(new() { ["Delivery:RetrySchedule"] = "1s,soon" }, out _));

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.0.0.1/32", true)]
    [InlineData("fd12::/32", true)]
    [InlineData("fd00:ec2::254/128", true)]
    [InlineData("10.0.0.1/8", false)]
    [InlineData("fd12::1/32", false)]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("example.com/8", false)]
    public void The_option_Outbound_Allow_accepts_an_address_or_a_network_without_host_bits(string network, bool taken) =>
        Assert.Equal(taken, Read(new() { ["Outbound:Allow"] = network }, out _).Count == 0);

    [Theory]
    [InlineData("""{"Outbound":{"Allow":[]}}""")]
    [InlineData("""{"Outbound":{"Allow":""}}""")]
    public void An_empty_array_or_text_is_read_as_an_empty_list(string json)
    {
        Assert.Empty(ReadJson(json, out NyalaOptions options));
        Assert.Empty(options.Outbound.Allow);
    }

    [Theory]
    [InlineData("""{"Delivery":{"RetrySchedule":[]}}""", "Delivery:RetrySchedule has 0 entries")]
    [InlineData("""{"Delivery":"5s"}""", "Delivery is '5s'")]
    [InlineData("""{"Delivery":{"Life":{"Days":7}}}""", "Delivery:Life")]
    [InlineData("""{"Urls":{"a":"b"}}""", "Urls")]
    [InlineData("""{"PublicUrl":{"a":"b"}}""", "PublicUrl")]
    [InlineData("""{"PublicUrl":["https://a.example"]}""", "PublicUrl")]
    [InlineData("""{"Delivery":{"EventLimit":1.5}}""", "Delivery:EventLimit is '1.5'")]
    public void An_option_of_the_wrong_shape_is_an_error(string json, string error) =>
        Assert.Contains(ReadJson(json, out _), said => said.StartsWith(error, StringComparison.Ordinal));

    [Theory]
    [InlineData("http://127.0.0.1:8484", true)]
    [InlineData("http://localhost:1;http://[::1]:2", true)]
    [InlineData("http://127.0.0.1:1;http://10.0.0.1:1", false)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://nyala.example:80", false)]
    public void Only_loopback_addresses_count_as_local(string urls, bool local) => Assert.Equal(local, new NyalaOptions { Urls = urls }.LocalOnly);

    private static IReadOnlyList<string> Read(Dictionary<string, string?> values, out NyalaOptions options)
    {
        options = new NyalaOptions();
        return OptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), options);
    }

    private static IReadOnlyList<string> ReadJson(string json, out NyalaOptions options)
    {
        options = new NyalaOptions();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return OptionsReader.Read(new ConfigurationBuilder().AddJsonStream(stream).Build(), options);
    }
}
