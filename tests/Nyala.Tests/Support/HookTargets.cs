using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>Changes the targets that a server makes of its hooks, to give them another channel, format or account.</summary>
internal sealed class HookTargets(ITargets made, Func<Target, Target> change) : ITargets
{
    public Target Of(HookRecord hook) => change(made.Of(hook));

    /// <summary>Registers this with the services of a server.</summary>
    public static void Add(IServiceCollection services, Func<Target, Target> change) =>
        services.AddSingleton<ITargets>(provider => new HookTargets(ActivatorUtilities.CreateInstance<Targets>(provider), change));
}
