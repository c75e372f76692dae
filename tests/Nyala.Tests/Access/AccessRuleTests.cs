using CsCheck;
using Nyala.Server.Access;

namespace Nyala.Tests.Access;

public sealed class AccessRuleTests
{
    private static readonly Gen<Scopes> AnyScopes = Gen.Int[1, 15].Select(number => (Scopes)number);

    private static readonly string?[] Sites = [null, "Shop", "other"];

    [Fact]
    public void An_admin_may_do_everything() => Gen.Int[0, 15].Sample(need => Judge((Scopes)need, Scopes.Admin) is null);

    [Fact]
    public void Every_token_can_read() => AnyScopes.Sample(scopes => Judge(Scopes.Read, scopes) is null);

    [Fact]
    public void A_token_without_admin_needs_one_of_the_required_scopes() => Gen.Select(AnyScopes, AnyScopes).Sample((need, has) =>
        has.HasFlag(Scopes.Admin) || need.HasFlag(Scopes.Read) || (Judge(need, has) is null) == ((need & has) != 0));

    [Fact]
    public void A_token_limited_to_a_site_is_refused_outside_that_site() => Gen.Select(AnyScopes, AnyScopes, Gen.Int[0, 2].Select(i => Sites[i])).Sample((need, has, site) =>
        Judge(need, has, own: "shop", site) is not null || (site == "Shop" && Judge(need, has) is null));

    [Fact]
    public void An_endpoint_that_needs_no_scope_allows_a_token_limited_to_a_site() => Assert.Null(Judge(Scopes.None, Scopes.Read, own: "shop"));

    [Fact]
    public void An_endpoint_without_a_declared_scope_is_closed_to_an_admin() =>
        Assert.NotNull(AccessRule.Judge(null, new Caller(null, "admin", Scopes.Admin, null), null, "/x"));

    [Theory]
    [InlineData(null, "/api/hooks", "/sites/shop/api/hooks")]
    [InlineData(null, "/hooks/1", "/sites/shop/hooks/1")]
    [InlineData("other", "/sites/other/api/hooks", "/sites/shop/api/hooks")]
    [InlineData("other", "/sites/OTHER/api/deployments/other", "/sites/shop/api/deployments/other")]
    [InlineData("sites", "/sites/sites/api/hooks", "/sites/shop/api/hooks")]
    [InlineData("api", "/api/sites/api", "/api/sites/shop")]
    [InlineData("other", "/other.git/info/refs", "/shop.git/info/refs")]
    public void The_error_for_another_site_names_the_path_to_use(string? site, string path, string use)
    {
        Denial? denial = AccessRule.Judge(new ScopeRequirement(Scopes.Read), new Caller(1, "ci", Scopes.Read, "shop"), site, path);

        Assert.Equal($"The token 'ci' is limited to the site 'shop': use {use}.", denial!.Detail);
    }

    [Fact]
    public void The_error_for_a_missing_scope_names_the_scopes_that_suffice() => Assert.Equal(
        "This request needs the scope hooks or deploy. The token 'ci' has read. An admin can create another with `nyala tokens create NAME --scope hooks`.",
        AccessRule.Judge(new ScopeRequirement(Scopes.Deploy | Scopes.Hooks), new Caller(1, "ci", Scopes.Read, null), null, "/x")!.Detail);

    private static Denial? Judge(Scopes need, Scopes has, string? own = null, string? site = null) =>
        AccessRule.Judge(new ScopeRequirement(need), new Caller(1, "ci", has, own), site, "/api/x");
}
