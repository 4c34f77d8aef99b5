using System.Buffers;
using System.Text;
using HvBindgen.Generator.Output;
using Xunit;

namespace HvBindgen.Generator.Tests.Output;

/// <summary>Files whose folders are not there yet.</summary>
public sealed class NewFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_folder_is_whole_when_it_is_first_seen()
    {
        const int Count = 400;
        OutputPlan plan = Plan([.. Enumerable.Range(0, Count).Select(number => ($"out/{number % 7}/{number}.g.cs", "text"))]);

        // Starts to look before anything is written, and does nothing else.
        using ManualResetEventSlim isLooking = new();
        Task<string[]> seen = Task.Factory.StartNew(
            () =>
            {
                isLooking.Set();
                SpinWait.SpinUntil(() => Directory.Exists(folder["out"]), TimeSpan.FromMinutes(1));
                return Directory.GetFiles(folder["out"], "*", SearchOption.AllDirectories);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        isLooking.Wait(TestContext.Current.CancellationToken);
        plan.Commit();

        Assert.Equal(Count, (await seen).Length);
        Assert.All(await seen, path => Assert.EndsWith(".g.cs", path, StringComparison.Ordinal));
        Assert.Equal(["out"], folder.Entries());
    }

    [Fact]
    public void Folders_in_and_beside_each_other_and_files_that_are_there_go_together()
    {
        folder.With("out/same.g.cs", "same").With("out/changed.g.cs", "old").With("out/old/deep/mine.txt", "mine");
        File.SetLastWriteTimeUtc(folder["out/same.g.cs"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        OutputPlan plan = Plan(
            ("out/same.g.cs", "same"), ("out/changed.g.cs", "new"), ("out/new/a.g.cs", "a"), ("out/new/b/c/d.g.cs", "d"),
            ("out/old/e.g.cs", "e"), ("out/old/deep/er/f.g.cs", "f"), ("other/far/away/g.g.cs", "g"));
        plan.Add(folder["out/new/b/within"], "h.g.cs", "h");

        Assert.Equal(7, plan.Commit().Count);

        Assert.Equal(
            ["other/far/away/g.g.cs=g", "out/changed.g.cs=new", "out/new/a.g.cs=a", "out/new/b/c/d.g.cs=d", "out/new/b/within/h.g.cs=h",
                "out/old/deep/er/f.g.cs=f", "out/old/deep/mine.txt=mine", "out/old/e.g.cs=e", "out/same.g.cs=same"],
            Files());
        Assert.Equal(2020, File.GetLastWriteTimeUtc(folder["out/same.g.cs"]).Year);
        Assert.Empty(plan.Compare());
    }

    [Fact]
    public void Placed_folders_are_taken_back_when_a_later_change_fails()
    {
        // A folder with content where the old file is to be kept meanwhile: refused to root as well, when all is written.
        folder.With("out/b.g.cs", "old").With("out/mine.txt", "mine").With($"out/b.g.cs.hvbindgen-{Environment.ProcessId}-old/full", "");
        string[] before = Files();

        OutputException fault = Assert.Throws<OutputException>(() => Plan(
            ("out/a/1.g.cs", "1"), ("out/a/deep/2.g.cs", "2"), ("new/3.g.cs", "3"), ("out/b.g.cs", "new"), ("out/c/4.g.cs", "4")).Commit());

        Assert.StartsWith($"{folder["out/b.g.cs"]}: replacing it failed: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files());
        Assert.Equal(["out"], folder.Entries());
        Assert.False(Directory.Exists(folder["out/a"]) || Directory.Exists(folder["out/c"]));
    }

    [Fact]
    public void Nothing_is_left_when_a_file_of_a_new_folder_cannot_be_written()
    {
        string longest = new('x', 256);

        OutputException fault = Assert.Throws<OutputException>(
            () => Plan(("out/a/1.g.cs", "1"), ("out/a/" + longest, "2"), ("other/3.g.cs", "3")).Commit());

        Assert.StartsWith($"{folder["out/a/" + longest]}: writing it failed: ", fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsDiskFull);
        Assert.Empty(folder.Entries());
    }

    [Fact]
    public void A_file_on_the_way_to_a_new_folder_is_told_and_stays()
    {
        folder.With("out/z", "in the way");

        OutputException fault = Assert.Throws<OutputException>(
            () => Plan(("new/1.g.cs", "1"), ("out/z/deep/er/2.g.cs", "2")).Commit());

        Assert.StartsWith($"{folder["out/z/deep/er"]}: making the folder failed: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"'{folder["out/z"]}'", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["out/z=in the way"], Files());
    }

    [Fact]
    public void Files_go_into_a_folder_that_another_run_has_made_meanwhile()
    {
        string[] expected = ["out/a.g.cs=ours", "out/b.g.cs=ours", "out/deep/c.g.cs=ours", "out/theirs.txt=theirs"];
        OutputPlan plan = Plan(("out/a.g.cs", "ours"), ("out/deep/c.g.cs", "ours"));
        plan.Add(folder["out"], "b.g.cs", Meanwhile(() => folder.With("out/theirs.txt", "theirs").With("out/a.g.cs", "theirs")));

        plan.Commit();

        Assert.Equal(expected, Files());
        Assert.Equal(["out"], folder.Entries());
    }

    [Fact]
    public void An_empty_folder_that_another_run_has_made_meanwhile_does_as_well()
    {
        OutputPlan plan = Plan(("out/a.g.cs", "ours"));
        plan.Add(folder["out"], "b.g.cs", Meanwhile(() => Directory.CreateDirectory(folder["out"])));

        plan.Commit();

        Assert.Equal(["out/a.g.cs=ours", "out/b.g.cs=ours"], Files());
        Assert.Equal(["out"], folder.Entries());
    }

    [Theory]
    [InlineData("out", "making the folder")]
    [InlineData("out/deep", "making the folder")]
    [InlineData("out/deep/c.g.cs/full", "replacing it")]
    public void What_another_run_has_put_in_the_way_meanwhile_stays_and_nothing_else_does(string theirs, string operation)
    {
        OutputPlan plan = Plan(("new/1.g.cs", "1"), ("out/a.g.cs", "ours"), ("out/deep/c.g.cs", "ours"));
        plan.Add(folder["out"], "b.g.cs", Meanwhile(() => folder.With(theirs, "theirs")));

        OutputException fault = Assert.Throws<OutputException>(() => plan.Commit());

        Assert.Contains($": {operation} failed: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal([$"{theirs}=theirs"], Files());
        Assert.Equal(["out"], folder.Entries());
    }

    [Fact]
    public void Two_runs_at_once_both_make_the_same_new_folder_whole()
    {
        (string Path, string Text)[] files =
            [.. Enumerable.Range(0, 20).Select(number => ($"out/{number % 3}/{number}.g.cs", new string('x', number)))];
        string[] expected = [.. files.Select(file => $"{file.Path}={file.Text}").Order(StringComparer.Ordinal)];
        for (int round = 0; round < 30; round++)
        {
            using Barrier start = new(2);
            Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ =>
            {
                OutputPlan plan = Plan(files);
                start.SignalAndWait(TimeSpan.FromSeconds(1));
                plan.Commit();
            });

            Assert.Equal(expected, Files());
            Assert.Equal(["out"], folder.Entries());
            Directory.Delete(folder["out"], recursive: true);
        }
    }

    private OutputPlan Plan(params (string Path, string Text)[] files)
    {
        OutputPlan plan = new();
        foreach ((string path, string text) in files)
        {
            plan.Add(folder.Root, path, text);
        }

        return plan;
    }

    // Paths with content, sorted.
    private string[] Files() =>
        [.. Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories)
            .Select(path => $"{Path.GetRelativePath(folder.Root, path)}={File.ReadAllText(path)}").Order(StringComparer.Ordinal)];

    // A content that is asked for while files are written: their folder is made by then, and in its place later.
    private static Memory<byte> Meanwhile(Action action) => new WatchedContent(action).Memory;

    private sealed class WatchedContent(Action action) : MemoryManager<byte>
    {
        private readonly byte[] content = Encoding.UTF8.GetBytes("ours");
        private int isAsked;

        public override Span<byte> GetSpan()
        {
            if (Interlocked.Exchange(ref isAsked, 1) == 0)
            {
                action();
            }

            return content;
        }

        // CreateMemory needs no look at the content.
        public override Memory<byte> Memory => CreateMemory(content.Length);

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
