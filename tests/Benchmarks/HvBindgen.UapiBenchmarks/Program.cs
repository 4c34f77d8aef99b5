using System.Diagnostics;
using System.Globalization;
using HvBindgen.UapiBenchmarks;

// Without arguments: medians of cold processes. With "names" or "nothing": one such process, which prints its figures.
const int Processes = 9;
SdkCompiler.Load();
if (args is [string what])
{
    Console.WriteLine(GeneratorRuns.Measure(what == "names"));
    return 0;
}

double[][] names = [.. Enumerable.Range(0, Processes).Select(_ => Run("names"))];
double[][] nothing = [.. Enumerable.Range(0, Processes).Select(_ => Run("nothing"))];
Console.WriteLine($"20 names, medians of {Processes} processes, time of the processor; compiler {SdkCompiler.Folder}");
Print("first run in a process", 0, 300);
Print("second list in the same process", 1, 20);
Print("further lists", 2, 20);
Print("edit of another file", 3, 0);
Console.WriteLine($"peak memory, MiB: {Median(names, 4):f0}, and {Median(nothing, 4):f0} of the same process with an empty list");
return 0;

void Print(string title, int index, double limit) =>
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{title}: {Median(names, index):f2} ms (wanted: {limit}; empty list: {Median(nothing, index):f2})"));

static double Median(double[][] runs, int index)
{
    double[] sorted = [.. runs.Select(run => run[index]).Order()];
    return sorted[sorted.Length / 2];
}

static double[] Run(string what)
{
    ProcessStartInfo start = new(Environment.ProcessPath!, what) { RedirectStandardOutput = true };
    using Process child = Process.Start(start)!;
    string figures = child.StandardOutput.ReadToEnd();
    child.WaitForExit();
    return [.. figures.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
}
