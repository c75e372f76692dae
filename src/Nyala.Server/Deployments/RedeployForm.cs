using Nyala.Server.Http;

namespace Nyala.Server.Deployments;

/// <summary>
/// The body of a request to deploy again, as in Kudu: empty, or with <c>clean</c> and <c>needFileUpdate</c>. Both have no effect, because every release is made
/// from scratch.
/// </summary>
internal static class RedeployForm
{
    private const string Title = "Invalid request";

    private static readonly string[] Known = ["clean", "needFileUpdate"];

    /// <summary>Whether a body only asks to deploy again, and is not a report.</summary>
    public static bool IsRedeploy(JsonFields fields) => fields.HasOnly(Known);

    /// <summary>Returns the response that refuses the body; null if the body is accepted.</summary>
    public static IResult? Refuses(JsonFields fields)
    {
        _ = Array.ConvertAll(Known, fields.Flag);
        return fields.Errors.Count > 0 ? Refusal.BadFields(Title, fields.Errors) : null;
    }

    /// <summary>Reads the body at an endpoint that can only deploy again. Returns null if it is accepted, or else the response that refuses it.</summary>
    public static async Task<IResult?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(request, cancellationToken);
        if (body.Length == 0)
        {
            return null;
        }

        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Title, reason);
        }

        fields.RefuseOthers(Known, "To report a deployment, use PUT /api/deployments/{id}.");
        return Refuses(fields);
    }
}
