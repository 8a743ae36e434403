// Command network-policy enforces NetworkPolicies on the one node of the test cluster: kube-router's policy
// controller without its router and service proxy.
package main

import (
	"flag"
	"log"
	"sync"
	"time"

	"github.com/cloudnativelabs/kube-router/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/pkg/options"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	config := options.NewKubeRouterConfig()
	flag.StringVar(&config.Kubeconfig, "kubeconfig", "", "how to reach the cluster")
	flag.StringVar(&config.HostnameOverride, "node", "", "name of this node")
	flag.StringVar(&config.ClusterIPCIDR, "service-cidr", config.ClusterIPCIDR, "addresses of Services")
	flag.Parse()

	rest, err := clientcmd.BuildConfigFromFlags("", config.Kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	client := kubernetes.NewForConfigOrDie(rest)
	stop := make(chan struct{})

	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	factory.Start(stop)
	cache.WaitForCacheSync(stop, pods.HasSynced, namespaces.HasSynced, policies.HasSynced)

	// A rule that was lost comes back within a minute instead of kube-router's five.
	config.IPTablesSyncPeriod = time.Minute
	controller, err := netpol.NewNetworkPolicyController(client, config, pods, policies, namespaces, &sync.Mutex{})
	if err != nil {
		log.Fatal(err)
	}
	pods.AddEventHandler(controller.PodEventHandler)
	policies.AddEventHandler(controller.NetworkPolicyEventHandler)
	namespaces.AddEventHandler(controller.NamespaceEventHandler)

	// Nobody reads kube-router's health port here, and an unread heartbeat would block the controller.
	heartbeats := make(chan *healthcheck.ControllerHeartbeat)
	go func() {
		for range heartbeats {
		}
	}()
	running := sync.WaitGroup{}
	running.Add(1)
	controller.Run(heartbeats, stop, &running)
}
