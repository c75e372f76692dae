using Nyala.Server.Deploying.Zip;

namespace Nyala.Server.Deploying;

/// <summary>Options of the section <c>Deploying</c>.</summary>
internal sealed class DeployingOptions
{
    public ZipOptions Zip { get; set; } = new();

    public IEnumerable<string> Validate() => Zip.Validate();
}
