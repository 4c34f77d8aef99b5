using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class AptSourcesTests
{
    [Fact]
    public void One_line_sources_give_binary_archives_with_their_keys()
    {
        const string Text = """
            # deb http://commented.example/debian bookworm main
            deb http://mirror.example/debian bookworm main contrib  # trailing words
            deb	[arch=amd64 signed-by=/keys/a.gpg]  http://third.example/apt bookworm main
            deb-src http://mirror.example/debian bookworm main
            deb cdrom:[Debian 12]/ bookworm main
            deb http://flat.example/repo ./
            nonsense
            """;

        List<AptSource> sources = [.. AptSources.ParseList(Text)];

        Assert.Equal(["http://mirror.example/debian", "http://third.example/apt", "http://flat.example/repo"], sources.Select(s => s.Uri));
        Assert.Equal(["main", "contrib"], sources[0].Components);
        Assert.Null(sources[0].SignedBy);
        Assert.Equal("/keys/a.gpg", sources[1].SignedBy);
    }

    [Fact]
    public void Deb822_sources_give_every_address_of_enabled_stanzas()
    {
        const string Text = """
            Types: deb deb-src
            # a comment between the fields
            URIs: http://one.example/debian
             http://two.example/debian
            suites: bookworm bookworm-updates
            Components: main
            Signed-By: /keys/a.gpg

            Types: deb
            URIs: http://off.example/debian
            Suites: bookworm
            Components: main
            Enabled: no


            Types: deb-src
            URIs: http://source.example/debian
            Suites: bookworm
            Components: main
            """;

        List<AptSource> sources = [.. AptSources.ParseDeb822(Text)];

        Assert.Equal(["http://one.example/debian", "http://two.example/debian"], sources.Select(s => s.Uri));
        Assert.Equal(["bookworm", "bookworm-updates"], sources[1].Suites);
        Assert.Equal("/keys/a.gpg", sources[1].SignedBy);
    }

    [Fact]
    public void A_key_inside_a_deb822_source_is_kept_whole_and_written_back()
    {
        const string Text = """
            Types: deb
            URIs: http://one.example/debian
            Suites: bookworm
            Components: main
            Signed-By:
             -----BEGIN KEY-----
             .
             abc
            """;

        AptSource source = Assert.Single(AptSources.ParseDeb822(Text));
        string stanza = AptArchive.SourceStanza(DebianMirror.Of(source.Uri, source.SignedBy), "sid", "amd64");

        Assert.Contains("Signed-By: -----BEGIN KEY-----\n .\n abc\n", stanza, StringComparison.Ordinal);
        Assert.Contains("Targets: Packages\n", stanza, StringComparison.Ordinal);
    }

    [Fact]
    public void All_files_of_the_folder_are_read_and_switched_off_ones_are_not()
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("sources.list", "deb http://a.example/debian sid main\n")
            .With("parts/b.list", "deb http://b.example/debian sid main\n")
            .With("parts/c.sources", "Types: deb\nURIs: http://c.example/debian\nSuites: sid\nComponents: main\n")
            .With("parts/d.list.disabled", "deb http://d.example/debian sid main\n");

        List<AptSource> sources = AptSources.ReadAll(folder["sources.list"], folder["parts"]);

        Assert.Equal(["http://a.example/debian", "http://b.example/debian", "http://c.example/debian"], sources.Select(s => s.Uri));
        Assert.Empty(AptSources.ReadAll(folder["none"], folder["nowhere"]));
    }

    [Fact]
    public void The_main_archive_is_told_from_third_parties_that_use_its_names()
    {
        const string Text = """
            deb http://vendor.example/debian/12/prod bookworm main
            deb http://other.example/runner/debian bookworm main
            deb http://security.example/debian-security bookworm-security main
            deb http://browser.example/deb stable main
            deb http://mirror.example/debian bookworm main
            deb http://mirror.example/debian bookworm-updates main
            """;

        Assert.Equal("http://mirror.example/debian", DebianMirror.Find([.. AptSources.ParseList(Text)])?.Uri);
    }

    [Fact]
    public void A_machine_without_Debian_sources_has_no_mirror() =>
        Assert.Null(DebianMirror.Find([.. AptSources.ParseList("deb http://x.example/ubuntu noble main universe\n")]));
}
