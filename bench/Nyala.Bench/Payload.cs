using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Bench;

/// <summary>The body of every request: a typical deployment.</summary>
internal static class Payload
{
    public static byte[] Create() => Create("Show the basket's total with tax on the first page\n");

    /// <summary>Returns a body of this many bytes, with a message that fills it up.</summary>
    public static byte[] Create(int length) => Create(new string('x', length - Create("").Length));

    private static byte[] Create(string message)
    {
        var time = new DateTimeOffset(2026, 5, 4, 9, 30, 15, 250, TimeSpan.Zero);
        return JsonSerializer.SerializeToUtf8Bytes(
            new DeploymentEvent
            {
                Id = "8f2c1d3a5b6e7f809a1b2c3d4e5f60718293a4b5",
                Status = "success",
                AuthorEmail = "author@example.com",
                Author = "An Author",
                Message = message,
                Deployer = "pipeline",
                ReceivedTime = time,
                StartTime = time.AddSeconds(1),
                EndTime = time.AddSeconds(42),
                LastSuccessEndTime = time.AddSeconds(42),
                Complete = true,
                SiteName = "shop",
                HostName = "shop.example.com",
                Branch = "main",
            },
            NyalaJson.Wire.DeploymentEvent);
    }
}
