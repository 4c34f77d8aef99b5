namespace HvBindgen.Generator.Emit;

/// <summary>Goes on behind a refusal, so that one run names all that is wrong.</summary>
internal static class Refusals
{
    /// <summary>What each of several gives.</summary>
    /// <exception cref="EmitException">Some were refused: every reason is a line of the message.</exception>
    internal static List<TResult> Each<T, TResult>(IEnumerable<T> items, Func<T, TResult> make)
    {
        List<TResult> results = [];
        List<EmitException> refused = [];
        foreach (T item in items)
        {
            try
            {
                results.Add(make(item));
            }
            catch (EmitException fault)
            {
                refused.Add(fault);
            }
        }

        return refused.Count == 0 ? results : throw EmitException.Of(refused);
    }

    /// <summary>Does something for each of several.</summary>
    /// <exception cref="EmitException">Some were refused.</exception>
    internal static void Each<T>(IEnumerable<T> items, Action<T> action) => Each(items, item =>
    {
        action(item);
        return item;
    });
}
