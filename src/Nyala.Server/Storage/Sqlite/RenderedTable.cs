namespace Nyala.Server.Storage.Sqlite;

internal sealed class RenderedTable(Session session) : IRenderedTable
{
    public void Insert(long delivery, RenderedBody body) => session
        .Use("INSERT INTO rendered (delivery, content_type, body, form) VALUES (?, ?, ?, ?) ON CONFLICT (delivery) DO NOTHING")
        .Bind(delivery).Bind(body.ContentType).Bind(body.Body).Bind(body.Form).Run();

    public RenderedBody? Find(long delivery) => session
        .Use("SELECT content_type, body, form FROM rendered WHERE delivery = ?").Bind(delivery).First(row => new RenderedBody(row.Text(0), row.Blob(1), row.TextOrNull(2)));
}
