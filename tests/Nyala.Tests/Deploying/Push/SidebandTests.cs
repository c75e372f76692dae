using System.Text;
using CsCheck;
using Nyala.Server.Deploying.Push;
using Nyala.Server.Processes;
using Nyala.Tests.Processes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Push;

public sealed class SidebandTests
{
    [Fact]
    public void Sideband_cleans_the_progress_text_however_the_response_is_split() => Gen.Select(TerminalFilterTests.Hostile, Gen.Int[1, 50], Gen.Byte.Array[0, 40]).Sample(
        (said, size, report) =>
        {
            byte[] answer = [.. Sideband.Packets(Sideband.Progress, Encoding.UTF8.GetBytes(said)), .. Sideband.Packets(Sideband.Report, report), .. "0000"u8];
            var sideband = new Sideband();

            byte[] passed = [.. answer.Chunk(size).SelectMany(piece => sideband.Pass(piece)), .. sideband.Rest()];

            string clean = TerminalFilter.Clean(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(said)));
            Assert.Equal(
                [.. Sideband.Packets(Sideband.Progress, Encoding.UTF8.GetBytes(clean)), .. Sideband.Packets(Sideband.Report, report), .. "0000"u8], passed);
        },
        iter: Fuzz.Cases);

    [Fact]
    public void A_character_that_is_split_over_two_packets_is_kept()
    {
        byte[] umlaut = "ü"u8.ToArray();
        var sideband = new Sideband();

        byte[] passed = [.. sideband.Pass([.. Sideband.Packets(Sideband.Progress, umlaut.AsSpan(0, 1)), .. Sideband.Packets(Sideband.Progress, umlaut.AsSpan(1))])];

        Assert.Equal(Sideband.Packets(Sideband.Progress, umlaut), passed);
    }
}
