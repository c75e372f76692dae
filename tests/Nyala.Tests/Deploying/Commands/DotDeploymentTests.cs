using System.Text;
using CsCheck;
using Nyala.Server.Deploying.Commands;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Commands;

/// <summary>The file <c>.deployment</c> is read as Kudu reads it.</summary>
public sealed class DotDeploymentTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[config]\ncommand = ./deploy.sh", "./deploy.sh")]
    [InlineData("[config]\r\ncommand=./deploy.sh --all\r\n", "./deploy.sh --all")]
    [InlineData("[config]\rcommand = a\rproject = b\r", "a")]
    [InlineData("# a\n; b\n[other]\ncommand = no\n[Config]\nproject = x\nCOMMAND = yes\n", "yes")]
    [InlineData("[ config ]\ncommand = a", "a")]
    [InlineData("\t[config\t] \n\tcommand\t=\ta b\t", "a b")]
    [InlineData("[config]\n# command = no\n;command = no\ncommand = a", "a")]
    [InlineData("[config]\ncommand = \"bash deploy.sh\"", "bash deploy.sh")]
    [InlineData("[config]\ncommand = \"a b\" && \"c d\"", "\"a b\" && \"c d\"")]
    [InlineData("[config]\ncommand = a = b", "a = b")]
    [InlineData("[config]\ncommand = first\n[config]\nproject = x", null)]
    [InlineData("[config]\ncommand = first\n[ ]\n[]\n[other\ncommand = second", "second")]
    [InlineData("\uFEFF[config]\ncommand = a", "a")]
    [InlineData("[config]\ncommand =", null)]
    [InlineData("[config]\ncommand = \" \"", null)]
    [InlineData("[config]\n= a", null)]
    [InlineData("[config]\nproject = src", null)]
    [InlineData("command = a", null)]
    [InlineData("[other]\ncommand = a", null)]
    [InlineData("", null)]
    public void The_command_is_read_from_the_config_section(string text, string? command) => Assert.Equal(command, DotDeployment.Read(text).Command);

    [Theory]
    [InlineData("[config]\nproject = src/web", "src/web")]
    [InlineData("[config]\ncommand = a\nPROJECT = \"my web\"", "my web")]
    [InlineData("[config]\nproject = '\\src\\my web'", "\\src\\my web")]
    [InlineData("[config]\nproject =", null)]
    [InlineData("project = src", null)]
    public void The_project_is_read_from_the_config_section(string text, string? project) => Assert.Equal(project, DotDeployment.Read(text).Project);

    [Fact]
    public void Other_keys_keep_their_first_spelling_and_their_last_value_as_written() => Assert.Equal(
        [new("Greeting", "\"a b\" ; c"), new("SCM_BUILD_ARGS", "")],
        DotDeployment.Read("[config]\nGreeting = no\nGREETING =  \"a b\" ; c \ncommand = x\nSCM_BUILD_ARGS =\n[other]\nX = 1").Others.OrderBy(pair => pair.Key, StringComparer.Ordinal));

    [Fact]
    public void Read_accepts_any_text() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["[]config=\r\n\"'#; \0\\/"], 0, 60]).Sample(
        text => DotDeployment.Read("[config]\n" + text) is { Command: not "", Project: not "" } read && read.Others.Keys.All(key => key == key.Trim() && key.IndexOfAny(['\r', '\n', '=']) < 0),
        iter: Fuzz.Cases);

    [Fact]
    public void Decode_returns_content_or_a_refusal_for_any_bytes() => Gen.Byte.Array[0, 200].Sample(
        bytes => DotDeploymentFile.Decode([.. "[config]\na="u8, .. bytes]) is { Content: null, Refusal: not null } or { Content: not null, Refusal: null }, iter: Fuzz.Cases);

    [Fact]
    public void A_value_is_read_with_any_line_ending_and_encoding() => Gen.Select(
        Gen.String[Gen.Char["aB_9"], 1, 6], Gen.String[Gen.Char["ä€ \"'x/=;#"], 0, 12], Gen.Int[0, 2].Select(at => ((string[])["\n", "\r\n", "\r"])[at]), Gen.Int[0, 4]).Sample((key, value, end, encoding) =>
    {
        string text = $"; c{end}[ Config ]{end}{key}={value}{end}[other]{end}{key}=no{end}";
        Encoding[] encodings = [new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32];
        byte[] bytes = [.. encodings[encoding].GetPreamble(), .. encodings[encoding].GetBytes(text)];

        return DotDeploymentFile.Decode(bytes).Content!.Others[key] == value.Trim();
    });

    [Theory]
    [InlineData("command = a\0b", "contains a NUL character")]
    [InlineData("command = gr\u00FCn", "is not valid UTF-8 under [config]")]
    [InlineData("Gr\u00FC\u00DFe = a", "is not valid UTF-8 under [config]")]
    [InlineData("# gr\u00FCn\ncommand = a", null)]
    public void A_NUL_character_or_a_key_or_value_that_is_not_UTF8_is_refused(string latin, string? reason)
    {
        DotDeploymentFile file = DotDeploymentFile.Decode(Encoding.Latin1.GetBytes("[config]\n" + latin));

        Assert.Equal(reason is null, file.Content is not null);
        Assert.Contains(reason ?? "", file.Refusal ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_above_64_KiB_is_refused_and_a_link_is_ignored_with_a_warning()
    {
        Assert.Equal(new DotDeploymentFile(null), DotDeploymentFile.Read(_folder.Path));
        File.WriteAllText(_folder.In(".deployment"), "[config]\ncommand = a\n" + new string('#', 65_536));
        DotDeploymentFile large = DotDeploymentFile.Read(_folder.Path);
        File.Move(_folder.In(".deployment"), _folder.In("real"));
        File.CreateSymbolicLink(_folder.In(".deployment"), "real");
        DotDeploymentFile link = DotDeploymentFile.Read(_folder.Path);

        Assert.Equal(".deployment has 65557 bytes; the maximum is 65536. Move long content into a script, and use that as the command.", large.Refusal);
        Assert.Equal((null, null, ".deployment is a link and is ignored. Commit the file itself."), (link.Content, link.Refusal, link.Warning));
    }
}
