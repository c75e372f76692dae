using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Tests.Support;

namespace Nyala.Tests.Client;

/// <summary>The filters of a hook in <c>Nyala.Client</c>.</summary>
public sealed class HookFilterTests : IDisposable
{
    private static readonly HookFilter Failures = new() { Status = ["failed"] };
    private static readonly HookFilter OnMain = new() { Status = ["success"], Branch = ["main"] };

    private readonly NyalaClient _root;
    private readonly NyalaClient _client;

    public HookFilterTests(SharedServer shared)
    {
        _root = new NyalaClient(shared.Server.Address, TestServer.Token);
        _client = _root.ForSite(Some.Site());
    }

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Filters_are_sent_and_read_back()
    {
        Hook added = await _client.AddHookAsync(new HookRequest { Url = Some.Url(), Filter = [Failures, OnMain] }, CancellationToken);
        AssertFilter([Failures, OnMain], added);
        AssertFilter([Failures, OnMain], await _client.GetHookAsync(added.Id, CancellationToken));
        AssertFilter([Failures, OnMain], Assert.Single(await _client.ListHooksAsync(cancellationToken: CancellationToken)));

        AssertFilter([OnMain], await _client.ChangeHookAsync(added.Id, new HookChange { Filter = [OnMain] }, CancellationToken));
        AssertFilter([OnMain], await _client.ChangeHookAsync(added.Id, new HookChange { Rate = 60 }, CancellationToken));
        AssertFilter(null, await _client.ChangeHookAsync(added.Id, new HookChange { Filter = [new HookFilter()] }, CancellationToken));
        AssertFilter([Failures], await _client.ChangeHookAsync(added.Id, new HookChange { Filter = [Failures] }, CancellationToken));
        AssertFilter(null, await _client.ChangeHookAsync(added.Id, new HookChange { Reset = ["filter"] }, CancellationToken));
    }

    [Fact]
    public void A_single_filter_is_written_as_an_object_and_several_as_a_list()
    {
        Assert.Equal("""{"filter":{"status":["failed"]}}""", Json(Failures));
        Assert.Equal("""{"filter":[{"status":["failed"]},{"status":["success"],"branch":["main"]}]}""", Json(Failures, OnMain));
        Assert.Equal("{}", JsonSerializer.Serialize(new HookChange(), NyalaJson.Wire.HookChange));

        static string Json(params HookFilter[] filters) => JsonSerializer.Serialize(new HookChange { Filter = filters }, NyalaJson.Wire.HookChange);
    }

    [Theory]
    [InlineData("[null]")]
    [InlineData("7")]
    [InlineData("""[{"status":"failed"}]""")]
    public void A_filter_of_another_form_is_not_read(string filter) => Assert.Throws<JsonException>(
        () => JsonSerializer.Deserialize($$"""{"id":"1","event":"Built","url":"https://a.example/","filter":{{filter}}}""", NyalaJson.Wire.Hook));

    private static void AssertFilter(HookFilter[]? expected, Hook hook) =>
        Assert.Equal(expected?.Select(Text), hook.Filter?.Select(Text));

    private static string Text(HookFilter filter) => JsonSerializer.Serialize(filter, NyalaJson.Wire.HookFilter);
}
