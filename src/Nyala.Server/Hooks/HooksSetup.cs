namespace Nyala.Server.Hooks;

internal static class HooksSetup
{
    public static IServiceCollection AddHooks(this IServiceCollection services) => services
        .AddSingleton<Subscriptions>()
        .AddSingleton<HookEditor>()
        .AddSingleton<Permissions>()
        .AddSingleton<HookReads>()
        .AddSingleton<HookView>();
}
