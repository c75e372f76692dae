using System.Globalization;
using Nyala.Peers;

// Nyala.Peers NAME RECEIVER CONNECTION REQUESTS PUBLISHERS WORKERS WARM_UP: delivers the requested number of events and prints the elapsed seconds.
if (args is not [string name, string receiver, string connection, string requestText, string publisherText, string workerText, string warmUpText])
{
    await Console.Error.WriteLineAsync("Nyala.Peers hangfire|wolverine RECEIVER CONNECTION REQUESTS PUBLISHERS WORKERS WARM_UP");
    return 2;
}

var load = new Load(
    int.Parse(requestText, CultureInfo.InvariantCulture),
    int.Parse(publisherText, CultureInfo.InvariantCulture),
    int.Parse(workerText, CultureInfo.InvariantCulture),
    int.Parse(warmUpText, CultureInfo.InvariantCulture));
SignedPost.Receiver = new Uri(receiver);
TimeSpan elapsed = name switch
{
    "hangfire" => await HangfirePeer.RunAsync(connection, load),
    "wolverine" => await WolverinePeer.RunAsync(connection, load),
    _ => throw new ArgumentException($"{name} is no peer."),
};
await Console.Out.WriteLineAsync(elapsed.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
return 0;
