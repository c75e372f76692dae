using CsCheck;
using Nyala.Server.Delivery;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

/// <summary>
/// Runs the steps of a lane's parts in random order: a publisher's commit and offer, the loop's page, each worker's take, start and end, and
/// a change's commit and response. Any step can come between any two others.
/// </summary>
public sealed class ChangeInterleavingTests
{
    [Fact]
    public void After_a_change_no_attempt_uses_the_old_hook_and_no_delivery_is_lost_or_doubled() =>
        Gen.Int[0, 9999].Array[0, 160].Sample(
            steps =>
            {
                var lane = new SteppedLane();
                foreach (int step in steps)
                {
                    lane.Step(step);
                }

                lane.Finish();
            },
            iter: Fuzz.Cases);

    /// <summary>A lane whose threads are single steps. Its store is a list in memory.</summary>
    private sealed class SteppedLane
    {
        private const int InFlight = 3;

        private static readonly DateTimeOffset Now = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

        private readonly Backlog _backlog = new();
        private readonly LaneGate _gate = new(new Breaker(new DeliveryOptions()), new AccountLimits(), InFlight);
        private readonly SortedDictionary<long, DueDelivery> _pending = [];
        private readonly Queue<DueDelivery> _committed = new();
        private readonly List<Worker> _workers = [];
        private readonly List<long> _begun = [];
        private readonly Queue<HookRecord> _unanswered = new();
        private readonly Dictionary<Target, HookRecord> _records = new(ReferenceEqualityComparer.Instance);
        private HookRecord _stored = new() { Id = 1, Event = "*", Url = "http://a.example/", Secret = "" };
        private HookRecord _answered;
        private Target? _target;
        private Page? _page;
        private long _published;

        public SteppedLane() => _answered = _stored;

        public void Step(int step)
        {
            int choice = step / 12;
            switch (step % 12)
            {
                case 0:
                    Publish();
                    break;
                case 1:
                    Offer();
                    break;
                case 2 or 3:
                    Loop();
                    break;
                case 4 or 5:
                    AddWorkers();
                    break;
                case 6 or 7:
                    OfWorker(choice, worker => worker.Job is not null && !worker.Began, Begin);
                    break;
                case 8 or 9:
                    OfWorker(choice, worker => worker.Began, End);
                    break;
                case 10:
                    Change(choice);
                    break;
                default:
                    Answer();
                    break;
            }
        }

        /// <summary>Activates the hook and runs all steps until nothing is left to do.</summary>
        public void Finish()
        {
            Commit(_stored with { State = HookState.Active });
            for (int round = 0; round < 1000 && (_pending.Count > 0 || _committed.Count > 0 || _workers.Count > 0 || _unanswered.Count > 0); round++)
            {
                Answer();
                Offer();
                Loop();
                AddWorkers();
                OfWorker(round, worker => worker.Job is not null && !worker.Began, Begin);
                OfWorker(round, worker => worker.Began, End);
            }

            Assert.Empty(_pending);
            Assert.Equal(_published, _begun.Count);
            Assert.Equal(_begun.Count, _begun.Distinct().Count());
        }

        private void Publish()
        {
            DueDelivery delivery = Some.Due(++_published);
            _pending.Add(delivery.Id, delivery);
            if (_stored.State == HookState.Active)
            {
                _committed.Enqueue(delivery);
            }
        }

        private void Offer()
        {
            if (_committed.TryDequeue(out DueDelivery? delivery) && !_backlog.Offer(delivery))
            {
                _backlog.Expect();
            }
        }

        /// <summary>Runs the next of the loop's three steps: begin a page, read it from the store, take it in.</summary>
        private void Loop()
        {
            if (_page is null)
            {
                if (_backlog.NeedsPage(shut: false))
                {
                    (HashSet<long> known, int limit, bool changed) = _backlog.BeginPage();
                    _page = new Page(known, limit, changed);
                }
            }
            else if (_page.Read is null)
            {
                List<DueDelivery> due = [.. _pending.Values.Where(delivery => !_page.Known.Contains(delivery.Id)).Take(_page.Limit)];
                _page = _page with
                {
                    Read = _stored.State == HookState.Active ? new LanePage(_stored, due, due.Count < _page.Limit, null) : new LanePage(_stored, [], true, null),
                };
            }
            else
            {
                (Page page, _page) = (_page, null);
                Take(page.Read, page.Changed);
            }
        }

        private void Take(LanePage page, bool changed)
        {
            if (page.Hook!.State != HookState.Active)
            {
                _backlog.Suspend();
                return;
            }

            if (_target is null or { IsWithdrawn: true } || _records[_target] != page.Hook)
            {
                _target?.Withdraw();
                _target = new HttpTarget(null!, new KuduFormat(), new Uri(page.Hook.Url), null, TlsSettings.System, []);
                _records.Add(_target, page.Hook);
            }

            _gate.Adopt(page.Hook, _target, changed);
            _backlog.Add(page, _target);
        }

        private void AddWorkers()
        {
            for (int hired = _backlog.AddWorkers(_gate.Limit(Now, out _)); hired > 0; hired--)
            {
                _workers.Add(new Worker());
            }

            foreach (Worker worker in _workers.Where(worker => worker.Job is null).ToList())
            {
                TakeNext(worker);
            }
        }

        private void TakeNext(Worker worker)
        {
            (worker.Began, worker.Job) = (false, null);
            if (_gate.TryStart(_backlog, Now, out LaneJob? job, out _))
            {
                worker.Job = job;
            }
            else
            {
                _workers.Remove(worker);
            }
        }

        private void OfWorker(int choice, Func<Worker, bool> which, Action<Worker> act)
        {
            Worker[] some = [.. _workers.Where(which)];
            if (some.Length > 0)
            {
                act(some[choice % some.Length]);
            }
        }

        /// <summary>Checks the target, as an attempt does before its first byte, and starts the attempt.</summary>
        private void Begin(Worker worker)
        {
            LaneJob job = worker.Job!;
            if (job.Target.IsWithdrawn)
            {
                _backlog.GiveBack(job.Delivery.Id);
                TakeNext(worker);
                return;
            }

            HookRecord under = _records[job.Target];
            Assert.True(under.Epoch >= _answered.Epoch, $"An attempt started under change {under.Epoch} after the response to change {_answered.Epoch}.");
            Assert.Equal(HookState.Active, under.State);
            Assert.False(under.Ordered && _workers.Any(other => other != worker && other.Began && _records[other.Job!.Target].Ordered));
            Assert.False(under.Ordered && _begun.Count > 0 && _pending.Keys.Any(id => id < job.Delivery.Id && !_begun.Contains(id)));
            worker.Began = true;
            _begun.Add(job.Delivery.Id);
        }

        private void End(Worker worker)
        {
            long id = worker.Job!.Delivery.Id;
            _pending.Remove(id);
            _backlog.Forget(id);
            TakeNext(worker);
        }

        private void Change(int choice) => Commit((choice % 4) switch
        {
            0 => _stored with { State = HookState.Paused },
            1 => _stored with { State = HookState.Active },
            2 => _stored with { Ordered = !_stored.Ordered },
            _ => _stored,
        });

        /// <summary>Stores a changed hook. In this test, the epoch counts the changes.</summary>
        private void Commit(HookRecord changed)
        {
            _stored = changed with { Epoch = _stored.Epoch + 1 };
            _unanswered.Enqueue(_stored);
        }

        private void Answer()
        {
            if (_unanswered.TryDequeue(out HookRecord? changed))
            {
                _backlog.HookChanged();
                _answered = changed;
            }
        }

        private sealed record Page(HashSet<long> Known, int Limit, bool Changed)
        {
            public LanePage? Read { get; init; }
        }

        private sealed class Worker
        {
            public LaneJob? Job { get; set; }

            public bool Began { get; set; }
        }
    }
}
