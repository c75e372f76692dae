using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task The_first_rendered_body_of_a_delivery_is_kept_byte_for_byte()
    {
        await WriteAsync(tables =>
        {
            tables.Rendered.Insert(1, new RenderedBody("text/plain; charset=utf-8", [0, 255, 10], "form"));
            tables.Rendered.Insert(1, new RenderedBody("text/html", [1]));
            tables.Rendered.Insert(2, new RenderedBody("text/html", []));
        });

        RenderedBody? first = await ReadAsync(tables => tables.Rendered.Find(1));
        Assert.Equal("text/plain; charset=utf-8", first!.ContentType);
        Assert.Equal([0, 255, 10], first.Body);
        Assert.Equal("form", first.Form);
        Assert.Empty((await ReadAsync(tables => tables.Rendered.Find(2)))!.Body);
        Assert.Null(await ReadAsync(tables => tables.Rendered.Find(3)));
    }

    [Fact]
    public async Task A_due_delivery_has_its_rendered_body_in_place_of_the_body_of_the_event()
    {
        await WriteAsync(tables =>
        {
            Deliver(tables, 1, Now);
            Deliver(tables, 2, Now);
            tables.Rendered.Insert(2, new RenderedBody("text/plain", [1, 2, 3], "form"));
        });

        IReadOnlyList<DueDelivery> due = await ReadAsync(tables => tables.Due(HookId, Now, None, 100, NoLimit));

        Assert.Equal([null, "text/plain"], due.Select(delivery => delivery.RenderedType));
        Assert.Equal([null, "form"], due.Select(delivery => delivery.RenderedForm));
        Assert.Equal(new byte[10], due[0].Body);
        Assert.Equal([1, 2, 3], due[1].Body);
    }

    [Fact]
    public async Task A_rendered_body_is_deleted_with_its_delivery()
    {
        DateTimeOffset old = Now.AddDays(-30);
        long id = IdSource.At(old.AddDays(-1));
        await WriteAsync(tables =>
        {
            foreach (long delivery in (long[])[id, id + 1])
            {
                Deliver(tables, delivery, old.AddDays(-1));
                tables.Rendered.Insert(delivery, new RenderedBody("text/plain", [1]));
            }

            tables.RecordOutcome(id, DeliveryState.Delivered, old.AddTicks(-1), spent: true, null);
        });

        await Store.WriteAsync(tables => tables.Deliveries.Prune(old, 0, 10));

        Assert.Equal((true, false), await ReadAsync(tables => (tables.Rendered.Find(id) is null, tables.Rendered.Find(id + 1) is null)));
    }
}
