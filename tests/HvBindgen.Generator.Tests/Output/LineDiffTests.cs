using System.Text;
using HvBindgen.Generator.Output;
using Xunit;

namespace HvBindgen.Generator.Tests.Output;

public sealed class LineDiffTests
{
    [Fact]
    public void A_changed_line_is_shown_with_three_lines_around_it() => Assert.Equal(
        """
        --- f
        +++ f
        @@ -2,7 +2,7 @@
         2
         3
         4
        -5
        +five
         6
         7
         8

        """,
        Diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"));

    [Fact]
    public void Changes_far_from_each_other_are_two_hunks()
    {
        string before = string.Concat(Enumerable.Range(1, 30).Select(line => $"{line}\n"));
        string after = before.Replace("\n3\n", "\n", StringComparison.Ordinal).Replace("\n28\n", "\n28\nnew\n", StringComparison.Ordinal);

        string diff = Diff(before, after);

        Assert.Contains("@@ -1,6 +1,5 @@\n 1\n 2\n-3\n 4\n", diff, StringComparison.Ordinal);
        Assert.Contains("@@ -26,5 +25,6 @@\n 26\n 27\n 28\n+new\n 29\n 30\n", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_comes_from_nowhere() => Assert.Equal("--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n", Diff("", "a\nb\n"));

    [Fact]
    public void A_name_that_would_begin_a_line_of_its_own_does_not() => Assert.StartsWith(
        "--- a\\n::stop\n+++ a\\n::stop\n", LineDiff.Between("a\n::stop", "1"u8, "2"u8, 10), StringComparison.Ordinal);

    [Fact]
    public void A_long_difference_is_cut_and_says_so()
    {
        string after = string.Concat(Enumerable.Range(0, 50).Select(line => $"{line}\n"));

        Assert.EndsWith("+9\n... 40 more changed lines\n", Diff("", after, 10), StringComparison.Ordinal);
    }

    [Fact]
    public void Applying_the_difference_gives_the_new_text()
    {
        Random random = new(7);
        for (int round = 0; round < 300; round++)
        {
            string[] before = [.. Enumerable.Range(0, random.Next(30)).Select(_ => $"{random.Next(6)}")];
            string[] after = [.. Enumerable.Range(0, random.Next(30)).Select(_ => $"{random.Next(6)}")];
            string diff = Diff(Join(before), Join(after), 1000);

            Assert.Equal(after, Apply(before, diff));
        }
    }

    private static string Diff(string before, string after, int maxLines = 200) =>
        LineDiff.Between("f", Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after), maxLines);

    private static string Join(string[] lines) => string.Concat(lines.Select(line => line + "\n"));

    // A patch of its own kind: trusts nothing but the hunks.
    private static List<string> Apply(string[] before, string diff)
    {
        List<string> result = [];
        int at = 0;
        foreach (string line in diff.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipWhile(line => !line.StartsWith('@')))
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                string[] start = line.Split(' ')[1][1..].Split(',');
                int first = int.Parse(start[0], null) - (start[1] == "0" && start[0] == "0" ? 0 : 1);
                result.AddRange(before[at..first]);
                at = first;
            }
            else if (line[0] == '+')
            {
                result.Add(line[1..]);
            }
            else
            {
                Assert.Equal(before[at], line[1..]);
                at++;
                if (line[0] == ' ')
                {
                    result.Add(line[1..]);
                }
            }
        }

        result.AddRange(before[at..]);
        return result;
    }
}
