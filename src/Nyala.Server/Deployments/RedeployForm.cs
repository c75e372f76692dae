using Nyala.Server.Http;

namespace Nyala.Server.Deployments;

/// <summary>The body of a request to deploy again, as Kudu has it: empty, or <c>clean</c> and <c>needFileUpdate</c>. Neither changes anything, because every release is made from scratch.</summary>
internal static class RedeployForm
{
    private const string Title = "This request is refused";

    private static readonly string[] Known = ["clean", "needFileUpdate"];

    /// <summary>Whether a body asks to deploy again and reports nothing.</summary>
    public static bool IsRedeploy(JsonFields fields) => fields.HasOnly(Known);

    /// <summary>Why it is refused; null if it is not.</summary>
    public static IResult? Refuses(JsonFields fields)
    {
        _ = Array.ConvertAll(Known, fields.Flag);
        return fields.Errors.Count > 0 ? Refusal.BadFields(Title, fields.Errors) : null;
    }

    /// <summary>Reads a request that can do nothing but deploy again; null if it is one, else the refusal.</summary>
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

        fields.RefuseOthers(Known, "A report goes to PUT /api/deployments/{id}.");
        return Refuses(fields);
    }
}
