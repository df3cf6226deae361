import { UsageError } from "../errors.ts";
import { Capabilities, type Provider } from "./capabilities.ts";
import { parseRequirements, type Requirement } from "./requirement.ts";

/** A package to be built, by what it needs and what it gives. */
export interface PackageToOrder extends Provider {
  /** What it is called in the set; no other one is called so. */
  name: string;
  /** Requirements for its build, as rpm writes them: `foo >= 1`, `(a or b)`. */
  requires: readonly string[];
  /** Those that count if something holds that is not known: they are heeded where that makes no cycle. */
  perhapsRequires?: readonly string[];
  /** Names of those it is to be built after, in place of what its requirements say; empty for none. */
  after?: readonly string[] | undefined;
}

/** A package in its place. */
export interface OrderedPackage {
  name: string;
  /** Counted from 1. Those of one wave can be built at the same time. */
  wave: number;
  /** Those of earlier waves that it needs. */
  needs: string[];
}

/**
 * Orders packages so that each is built after those of the set that it needs; what none of them provides is taken to be there.
 * Where several provide something it is built after all of them, or, if that is a cycle, after one of them. Gives the waves,
 * each in the order of the set. Throws NoOrderError, with every cycle by its names, where there is no order, and UsageError for
 * an `after` of a name that there is not.
 *
 * @param options.present packages that are there already, a list for each repository: a cycle may begin with what every one of
 *   them satisfies
 */
export function orderPackages(
  packages: readonly PackageToOrder[],
  { present = [] }: { present?: readonly (readonly Provider[])[] } = {},
): OrderedPackage[][] {
  const demands = demandsOf(
    packages,
    present.map((providers) => new Capabilities(providers, { isExact: true })),
  );
  const left = new Set(packages.keys());
  const waves: OrderedPackage[][] = [];
  const isBuilt = (place: number): boolean => !left.has(place);
  while (left.size > 0) {
    const ready = [...left].filter((place) => [...(demands[place] as Demand).all].every(isBuilt));
    const chosen = ready.length > 0 ? ready : breakCycles(packages, demands, left);
    const wave = waves.length + 1;
    waves.push(
      chosen.map((place) => ({
        name: (packages[place] as PackageToOrder).name,
        wave,
        needs: [...(demands[place] as Demand).all]
          .filter(isBuilt)
          .toSorted((a, b) => a - b)
          .map((other) => (packages[other] as PackageToOrder).name),
      })),
    );
    for (const place of chosen) left.delete(place);
  }
  return waves;
}

/** Packages that need one another. */
export class NoOrderError extends UsageError {}

/** What one package waits for. */
interface Demand {
  /** Every package that may be meant. */
  all: Set<number>;
  /** Whether it can be built with those that are built, if the best is made of it. */
  isMet(isBuilt: (place: number) => boolean): boolean;
  /** The requirement that is about another package. */
  reason(place: number): string | undefined;
}

function demandsOf(packages: readonly PackageToOrder[], present: readonly Capabilities[]): Demand[] {
  const capabilities = new Capabilities(packages);
  const places = new Map(packages.map(({ name }, place) => [name, place]));
  return packages.map((one, self) =>
    one.after === undefined ? demandOfRequirements(one, { self, capabilities, present }) : demandOfNames(one, one.after, places),
  );
}

function demandOfNames({ name }: PackageToOrder, after: readonly string[], places: ReadonlyMap<string, number>): Demand {
  const all = new Set(
    after.map((other) => {
      const place = places.get(other);
      if (place === undefined) throw new UsageError(`'${name}' is to be built after '${other}', which is not in the batch.`);
      return place;
    }),
  );
  return { all, isMet: (isBuilt) => [...all].every(isBuilt), reason: () => "after" };
}

function demandOfRequirements({ requires, perhapsRequires = [] }: PackageToOrder, known: Omit<Situation, "isBuilt">): Demand {
  const { self, capabilities } = known;
  const read = (texts: readonly string[]): { text: string; requirement: Requirement; places: Set<number> }[] =>
    texts.flatMap((text) =>
      parseRequirements(text).map((requirement) => ({ text, requirement, places: othersThan(self, capabilities.of(requirement)) })),
    );
  const sure = read(requires);
  const every = [...sure, ...read(perhapsRequires)];
  return {
    all: new Set(every.flatMap(({ places }) => [...places])),
    isMet: (isBuilt) => sure.every(({ requirement }) => isMet(requirement, { ...known, isBuilt })),
    reason: (place) => every.find(({ places }) => places.has(place))?.text,
  };
}

/** What a package needs of itself can only be an older one of it, from outside. */
function othersThan(self: number, places: Set<number>): Set<number> {
  return places.has(self) ? new Set() : places;
}

interface Situation {
  self: number;
  capabilities: Capabilities;
  /** Of what is there already, in each repository. */
  present: readonly Capabilities[];
  isBuilt: (place: number) => boolean;
}

/** Whether a requirement can be satisfied by what is built or comes from outside. */
function isMet(requirement: Requirement, situation: Situation): boolean {
  const { self, capabilities, present, isBuilt } = situation;
  const met = (part: Requirement): boolean => isMet(part, situation);
  switch (requirement.kind) {
    case "and":
      return requirement.parts.every(met);
    case "or":
      return requirement.parts.some(met);
    case "if":
      // What comes from outside may be there.
      if (met(requirement.condition)) return met(requirement.wanted);
      return requirement.otherwise === undefined || met(requirement.otherwise);
    default: {
      const places = othersThan(self, capabilities.of(requirement));
      if (places.size === 0 || [...places].some(isBuilt)) return true;
      return present.length > 0 && present.every((repository) => repository.of(requirement).size > 0);
    }
  }
}

/** Nobody is ready. Gives those that can be built all the same, of the cycles that wait for no other one. */
function breakCycles(packages: readonly PackageToOrder[], demands: readonly Demand[], left: ReadonlySet<number>): number[] {
  const knots = knotsOf(demands, left);
  const isBuilt = (place: number): boolean => !left.has(place);
  const free = knots.flatMap((knot) => knot.filter((place) => (demands[place] as Demand).isMet(isBuilt)));
  if (free.length > 0) return free.toSorted((a, b) => a - b);
  const cycles = knots.map((knot) => describeCycle(packages, demands, knot));
  throw new NoOrderError(`These packages need one another, so there is no order for them: ${cycles.join("; ")}.`, {
    hint: "A file of the batch can say which is built first, by 'after: []', or name a bootstrap build of one beside it: see docs/batches.md.",
  });
}

/** The sets of packages that all wait for one another, and for nothing else that is left (Tarjan's algorithm). */
function knotsOf(demands: readonly Demand[], left: ReadonlySet<number>): number[][] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const knotOf = new Map<number, number>();
  const knots: number[][] = [];
  const next = (place: number): number[] => [...(demands[place] as Demand).all].filter((other) => left.has(other));
  const visit = (place: number): void => {
    index.set(place, index.size);
    low.set(place, index.get(place) as number);
    stack.push(place);
    for (const other of next(place)) {
      if (!index.has(other)) visit(other);
      if (!knotOf.has(other)) low.set(place, Math.min(low.get(place) as number, low.get(other) as number));
    }
    if (low.get(place) !== index.get(place)) return;
    const knot = stack.splice(stack.indexOf(place));
    for (const member of knot) knotOf.set(member, knots.length);
    knots.push(knot);
  };
  for (const place of left) if (!index.has(place)) visit(place);
  return knots.filter((knot, number) => knot.every((place) => next(place).every((other) => knotOf.get(other) === number)));
}

/** `a -> b (libb-devel) -> a (liba)`: the shortest way round. */
function describeCycle(packages: readonly PackageToOrder[], demands: readonly Demand[], knot: readonly number[]): string {
  const names = (place: number): string => (packages[place] as PackageToOrder).name;
  const members = new Set(knot);
  let best: number[] = [];
  for (const start of knot) {
    const way = wayRound(start, (place) => [...(demands[place] as Demand).all].filter((other) => members.has(other)));
    if (way.length > 0 && (best.length === 0 || way.length < best.length)) best = way;
  }
  const steps = best.slice(1).map((place, at) => ` needs ${names(place)} (${(demands[best[at] as number] as Demand).reason(place)})`);
  return best.length === 0 ? knot.map(names).join(", ") : `${names(best[0] as number)}${steps.join(", which")}`;
}

/** The shortest way from a place back to it. */
function wayRound(start: number, next: (place: number) => number[]): number[] {
  const before = new Map<number, number>();
  const queue = [start];
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    for (const other of next(place)) {
      if (other === start) {
        const way = [start];
        for (let at: number | undefined = place; at !== undefined && at !== start; at = before.get(at)) way.unshift(at);
        return [start, ...way];
      }
      if (before.has(other)) continue;
      before.set(other, place);
      queue.push(other);
    }
  }
  return [];
}
