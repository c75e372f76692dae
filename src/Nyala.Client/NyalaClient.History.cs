using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    private const int PageSize = 100;
    private const int MaxPageSize = 1000;

    /// <summary>Finds deliveries to the hooks of this client's site, or to all hooks, newest first. Pages are read as they are needed.</summary>
    /// <param name="search">The search; null for all deliveries.</param>
    /// <param name="limit">The maximum number of entries to return; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public IAsyncEnumerable<Delivery> ListDeliveriesAsync(DeliverySearch? search = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        string query = Query(
            ("hook", search?.Hook), ("event", search?.Event), ("type", search?.Type), ("deployment", search?.Deployment), ("state", search?.State),
            ("since", Time(search?.Since)), ("until", Time(search?.Until)));
        return PagesAsync($"deliveries?{query}", limit, NyalaJson.Wire.IReadOnlyListDelivery, cancellationToken);
    }

    /// <summary>Reads a delivery with its body and its attempts.</summary>
    /// <param name="id">The id of the delivery, or its <c>webhook-id</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Delivery> GetDeliveryAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, DeliveryPath(id), null, NyalaJson.Wire.Delivery, cancellationToken);

    /// <summary>Resends an ended delivery: the same bytes under the same <c>webhook-id</c>, with a fresh retry schedule.</summary>
    /// <param name="id">The id of the delivery, or its <c>webhook-id</c>.</param>
    /// <param name="wait">True to wait until the attempt has ended, at most 10 seconds.</param>
    /// <param name="cancellationToken">Cancels the wait for the response; the delivery continues.</param>
    public Task<Delivery> RedeliverAsync(string id, bool wait = true, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Post, DeliveryPath(id) + "/redeliver", null, NyalaJson.Wire.Delivery, cancellationToken, respondAsync: !wait);

    /// <summary>Starts to resend many deliveries of a hook in the background. <see cref="GetRedeliveryAsync"/> reads the progress.</summary>
    public Task<Redelivery> RedeliverManyAsync(string hook, RedeliveryRequest request, CancellationToken cancellationToken = default) => ReadAsync(
        HttpMethod.Post, HookPath(hook) + "/redeliver", Json(request, NyalaJson.Wire.RedeliveryRequest), NyalaJson.Wire.Redelivery, cancellationToken);

    /// <summary>Reads the progress of a bulk redelivery.</summary>
    public Task<Redelivery> GetRedeliveryAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, RedeliveryPath(id), null, NyalaJson.Wire.Redelivery, cancellationToken);

    /// <summary>Lists the bulk redeliveries of a hook, newest first.</summary>
    public IAsyncEnumerable<Redelivery> ListRedeliveriesAsync(string hook, int? limit = null, CancellationToken cancellationToken = default) => PagesAsync(
        HookPath(hook) + "/redeliveries?", limit, NyalaJson.Wire.IReadOnlyListRedelivery, cancellationToken);

    /// <summary>Stops a bulk redelivery. Deliveries that it has already requeued are still sent. An ended one does not change.</summary>
    public Task<Redelivery> StopRedeliveryAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Delete, RedeliveryPath(id), null, NyalaJson.Wire.Redelivery, cancellationToken);

    /// <summary>Finds the events of this client's site, or all events, newest first. Pages are read as they are needed.</summary>
    /// <param name="search">The search; null for all events.</param>
    /// <param name="limit">The maximum number of entries to return; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public IAsyncEnumerable<RecordedEvent> ListEventsAsync(EventSearch? search = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        string query = Query(
            ("type", search?.Type), ("deployment", search?.Deployment), ("since", Time(search?.Since)), ("until", Time(search?.Until)));
        return PagesAsync($"events?{query}", limit, NyalaJson.Wire.IReadOnlyListRecordedEvent, cancellationToken);
    }

    /// <summary>Reads an event with its body and its newest deliveries.</summary>
    public Task<RecordedEvent> GetEventAsync(string id, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, $"events/{Uri.EscapeDataString(id)}", null, NyalaJson.Wire.RecordedEvent, cancellationToken);

    private static string DeliveryPath(string id) => $"deliveries/{Uri.EscapeDataString(id)}";

    private static string RedeliveryPath(string id) => $"redeliveries/{Uri.EscapeDataString(id)}";

    private static string? Time(DateTimeOffset? time) => time is { } given ? KuduTime.Format(given) : null;

    private static string Query(params IEnumerable<(string Name, string? Value)> fields) =>
        string.Concat(fields.Where(field => field.Value is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}&"));

    private async IAsyncEnumerable<T> PagesAsync<T>(
        string path, int? limit, JsonTypeInfo<IReadOnlyList<T>> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int left = limit ?? int.MaxValue;
        string? before = "";
        while (left > 0 && before is not null)
        {
            int size = Math.Min(left, limit is null ? PageSize : MaxPageSize);
            using HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"{path}limit={size}{before}", null, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<T> page = await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
            foreach (T entry in page)
            {
                yield return entry;
            }

            // A page can be short or empty without being the last one. Only the header says whether there is a next page.
            left -= page.Count;
            before = Before(response) is { } next ? $"&before={next}" : null;
        }
    }

    /// <summary>Returns the cursor of the next page; null if there is none.</summary>
    private static string? Before(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out IEnumerable<string>? links) && NextPage().Match(string.Join(',', links)) is { Success: true } next
            ? next.Groups["before"].Value
            : null;

    [GeneratedRegex(@"<[^>]*[?&]before=(?<before>[^&>]+)[^>]*>;\s*rel=""next""")]
    private static partial Regex NextPage();
}
