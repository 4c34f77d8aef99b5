namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>What can be wrong with a request, each alone and every two of them:
/// which one is answered shows the order of the checks.</summary>
/// <typeparam name="TRequest">What is changed before the request is made.</typeparam>
/// <param name="subject">The request, as it begins the cases' names.</param>
/// <param name="create">Makes a request that is in order.</param>
/// <param name="send">Makes the request on a device, and notes the answer.</param>
internal sealed class Faults<TRequest>(string subject, Func<Probe, TRequest> create, Action<Probe, TRequest> send)
    where TRequest : class
{
    private readonly List<(string Name, Action<Probe, TRequest> Apply)> faults = [];

    /// <summary>Adds something that can be wrong.</summary>
    internal Faults<TRequest> Add(string name, Action<TRequest> apply) => Add(name, (_, request) => apply(request));

    /// <summary>Adds something that can be wrong, and needs the device to be prepared.</summary>
    internal Faults<TRequest> Add(string name, Action<Probe, TRequest> apply)
    {
        faults.Add((name, apply));
        return this;
    }

    /// <summary>The request in order, with each fault, and with every two.</summary>
    internal IEnumerable<ConformanceCase> Cases()
    {
        yield return Case("nothing wrong");
        for (int first = 0; first < faults.Count; first++)
        {
            yield return Case(faults[first].Name, faults[first].Apply);
            for (int second = first + 1; second < faults.Count; second++)
            {
                yield return Case($"{faults[first].Name} + {faults[second].Name}", faults[first].Apply, faults[second].Apply);
            }
        }
    }

    private ConformanceCase Case(string how, params Action<Probe, TRequest>[] changes) => new($"{subject}: {how}", probe =>
    {
        TRequest request = create(probe);
        foreach (Action<Probe, TRequest> change in changes)
        {
            change(probe, request);
        }

        send(probe, request);
    });
}
