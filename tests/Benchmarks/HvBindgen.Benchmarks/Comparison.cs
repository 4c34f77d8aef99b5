namespace HvBindgen.Benchmarks;

/// <summary>Measures two ways of doing one thing alternately, so that a change of the machine's speed meets both.</summary>
internal static class Comparison
{
    private const int Rounds = 11;

    internal static void Print(string name, Func<double> ours, Func<double> theirs, double limit)
    {
        double[] our = new double[Rounds];
        double[] their = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            bool oursFirst = i % 2 == 0;
            our[i] = oursFirst ? ours() : 0;
            their[i] = theirs();
            our[i] = oursFirst ? our[i] : ours();
        }

        double ratio = Median([.. our.Zip(their, (a, b) => a / b)]);
        Console.WriteLine(
            $"{name}: C# {Median(our):f1} ns, C {Median(their):f1} ns, ratio {ratio:f3} (limit {limit:f2}), fastest {our.Min():f1} / " +
                $"{their.Min():f1} ns");
    }

    internal static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
