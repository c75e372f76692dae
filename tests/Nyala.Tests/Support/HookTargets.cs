using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>Gives the hooks of a server another channel, format or account.</summary>
internal static class HookTargets
{
    /// <summary>Changes the targets that the server makes.</summary>
    public static void ChangeTargets(this IServiceCollection services, Func<Target, Target> change) => services.AddSingleton<ITargets>(provider =>
    {
        Targets made = ActivatorUtilities.CreateInstance<Targets>(provider);
        return new Made(hook => change(made.Of(hook)));
    });

    /// <summary>Makes all targets in another way than the server.</summary>
    public static void AddTargets(this IServiceCollection services, Func<HookRecord, Target> make) => services.AddSingleton<ITargets>(new Made(make));

    private sealed class Made(Func<HookRecord, Target> make) : ITargets
    {
        public Target Of(HookRecord hook) => make(hook);
    }
}
